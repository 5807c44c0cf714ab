package io.appdbs.migration;

import java.util.List;
import java.util.Map;

import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.migration.MigrationDataSource.Login;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.LiquibaseSettings;
import liquibase.Liquibase;
import liquibase.UpdateSummaryEnum;
import liquibase.UpdateSummaryOutputEnum;
import liquibase.integration.spring.Customizer;
import liquibase.ui.UIServiceEnum;
import org.jspecify.annotations.Nullable;

import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.util.StringUtils;

/**
 * Creates the Liquibase of a database from its settings.
 */
final class LiquibaseFactory {

	private LiquibaseFactory() {
	}

	static NamedLiquibase create(DatabaseDefinition definition, DatabaseConnectionDetails details,
			List<Customizer<Liquibase>> customizers, @Nullable ClassLoader classLoader) {
		LiquibaseSettings settings = definition.settings().liquibase();
		NamedLiquibase liquibase = new NamedLiquibase(customizers, classLoader);
		liquibase.setResourceLoader(new DefaultResourceLoader(classLoader));
		liquibase.setDataSource(MigrationDataSource.create(definition, details,
				new Login(settings.url(), settings.user(), settings.password()), Map.of(), classLoader));
		liquibase.setChangeLog(new ChangelogFiles(classLoader).locate(definition.name(), settings.changeLog()));
		applyTables(liquibase, settings);
		applyFilters(liquibase, settings);
		applyOutput(liquibase, settings);
		liquibase.setClearCheckSums(settings.clearChecksums());
		liquibase.setDropFirst(settings.dropFirst());
		liquibase.setRollbackFile(settings.rollbackFile());
		liquibase.setTestRollbackOnUpdate(settings.testRollbackOnUpdate());
		liquibase.setAnalyticsEnabled(settings.analyticsEnabled());
		liquibase.setLicenseKey(settings.licenseKey());
		return liquibase;
	}

	private static void applyTables(NamedLiquibase liquibase, LiquibaseSettings settings) {
		liquibase.setDefaultSchema(settings.defaultSchema());
		liquibase.setLiquibaseSchema(settings.liquibaseSchema());
		liquibase.setLiquibaseTablespace(settings.liquibaseTablespace());
		liquibase.setDatabaseChangeLogTable(settings.databaseChangeLogTable());
		liquibase.setDatabaseChangeLogLockTable(settings.databaseChangeLogLockTable());
	}

	private static void applyFilters(NamedLiquibase liquibase, LiquibaseSettings settings) {
		if (!settings.contexts().isEmpty()) {
			liquibase.setContexts(StringUtils.collectionToCommaDelimitedString(settings.contexts()));
		}
		if (!settings.labelFilter().isEmpty()) {
			liquibase.setLabelFilter(StringUtils.collectionToCommaDelimitedString(settings.labelFilter()));
		}
		liquibase.setChangeLogParameters(settings.parameters());
		liquibase.setTag(settings.tag());
	}

	private static void applyOutput(NamedLiquibase liquibase, LiquibaseSettings settings) {
		if (settings.showSummary() != null) {
			liquibase.setShowSummary(UpdateSummaryEnum.valueOf(settings.showSummary().name()));
		}
		if (settings.showSummaryOutput() != null) {
			liquibase.setShowSummaryOutput(UpdateSummaryOutputEnum.valueOf(settings.showSummaryOutput().name()));
		}
		if (settings.uiService() != null) {
			liquibase.setUiService(UIServiceEnum.valueOf(settings.uiService().name()));
		}
	}

}
