package io.appdbs.migration;

import java.sql.Connection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import liquibase.Liquibase;
import liquibase.Scope;
import liquibase.changelog.ChangeLogHistoryServiceFactory;
import liquibase.changelog.visitor.DefaultChangeExecListener;
import liquibase.database.Database;
import liquibase.exception.LiquibaseException;
import liquibase.integration.spring.Customizer;
import liquibase.integration.spring.SpringLiquibase;
import org.jspecify.annotations.Nullable;

/**
 * {@link SpringLiquibase} that migrates a database when the lifecycle opens the database,
 * and not when Spring creates the bean.
 */
final class NamedLiquibase extends SpringLiquibase {

	private final List<Customizer<Liquibase>> customizers;

	private final @Nullable ClassLoader classLoader;

	private @Nullable LiquibaseProgress progress;

	private AppliedChangeSets applied = AppliedChangeSets.NONE;

	NamedLiquibase(List<Customizer<Liquibase>> customizers, @Nullable ClassLoader classLoader) {
		this.customizers = List.copyOf(customizers);
		this.classLoader = classLoader;
	}

	/**
	 * Does nothing: a bean is available only after its database has been migrated.
	 */
	@Override
	public void afterPropertiesSet() {
	}

	/**
	 * Migrates the database.
	 * @param progress is notified of change sets and of the lock
	 * @return the change sets of the database
	 */
	AppliedChangeSets update(LiquibaseProgress progress) throws LiquibaseException {
		this.progress = progress;
		this.applied = AppliedChangeSets.NONE;
		setCustomizer((liquibase) -> {
			liquibase.setChangeExecListener(new DefaultChangeExecListener(progress));
			this.customizers.forEach((customizer) -> customizer.customize(liquibase));
		});
		// services of Liquibase have a state, so each run has separate ones
		Scope.setScopeManager(null);
		try {
			Scope.child(scope(progress), this::runUpdate);
			return this.applied;
		}
		catch (LiquibaseException ex) {
			throw ex;
		}
		catch (Exception ex) {
			throw new LiquibaseException(ex);
		}
		finally {
			Scope.setScopeManager(null);
		}
	}

	private void runUpdate() throws LiquibaseException {
		super.afterPropertiesSet();
	}

	private Map<String, Object> scope(LiquibaseProgress progress) {
		Map<String, Object> values = new HashMap<>();
		values.put(LiquibaseProgress.SCOPE_KEY, progress);
		if (this.classLoader != null) {
			values.put(Scope.Attr.classLoader.name(), this.classLoader);
		}
		return values;
	}

	@Override
	protected Liquibase createLiquibase(Connection connection) throws LiquibaseException {
		if (this.progress != null) {
			this.progress.connected();
		}
		return super.createLiquibase(connection);
	}

	@Override
	protected void performUpdate(Liquibase liquibase) throws LiquibaseException {
		super.performUpdate(liquibase);
		Database database = liquibase.getDatabase();
		this.applied = AppliedChangeSets.of(Scope.getCurrentScope()
			.getSingleton(ChangeLogHistoryServiceFactory.class)
			.getChangeLogService(database)
			.getRanChangeSets(), (this.progress != null) ? this.progress.getExecuted() : 0);
	}

}
