package io.appdbs.bean;

import java.util.List;
import java.util.Locale;

import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.TroubleshootingSection;
import io.appdbs.backup.BackupReporter;
import io.appdbs.bean.registry.UserBeans;
import io.appdbs.settings.BackupSettings.Report;
import io.appdbs.settings.DatabaseDefinition;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Finds beans that report backups. They may use databases, so they are not created here.
 */
final class BackupBeans {

	private static final String KEY = "backup.report";

	private BackupBeans() {
	}

	/**
	 * Rejects a database without the bean that it needs, and a bean that is never asked.
	 * @param database the database
	 * @param beanFactory the bean factory
	 * @throws InvalidDatabaseConfigurationException if there is no bean, several, or one
	 * too many
	 */
	static void validate(DatabaseDefinition database, ConfigurableListableBeanFactory beanFactory) {
		String name = database.name();
		String key = database.key(KEY);
		Report report = database.settings().backup().report();
		List<String> beans = UserBeans.getNames(beanFactory, BackupReporter.class.getName(), name::equals)
			.filter((bean) -> UserBeans.isAutowireCandidate(beanFactory, bean))
			.toList();
		if (beans.size() > 1) {
			throw UserBeans.several(name, beans, BackupReporter.class);
		}
		if (beans.isEmpty() && report == Report.BEAN) {
			throw new InvalidDatabaseConfigurationException(name, key,
					"Database '%s': '%s' is 'bean', but there is no bean of type %s with the qualifier '%s'."
						.formatted(name, key, BackupReporter.class.getName(), name),
					"Define it with @Qualifier(\"%s\"), or set '%s' to 'pgbackrest' or 'file'.".formatted(name, key),
					null)
				.in(TroubleshootingSection.BEAN);
		}
		if (!beans.isEmpty() && report != Report.BEAN) {
			throw new InvalidDatabaseConfigurationException(name, key,
					"Database '%s': the bean '%s' reports its backups, but '%s' is %s.".formatted(name, beans.get(0),
							key,
							(report != null) ? "'%s'".formatted(report.name().toLowerCase(Locale.ROOT)) : "not set"),
					"Set '%s' to 'bean', or remove the bean.".formatted(key), null)
				.in(TroubleshootingSection.BEAN);
		}
	}

}
