package io.appdbs.mongo.migration;

import org.jspecify.annotations.Nullable;

import org.springframework.aop.support.AopUtils;
import org.springframework.util.ClassUtils;

/**
 * A bean that migrates a database.
 *
 * @param beanName the name of the bean
 * @param name version and description
 * @param checksum the checksum or {@code null}
 * @param migration the bean
 */
record BeanMigration(String beanName, MigrationName name, @Nullable Integer checksum,
		MongoMigration migration) implements MigrationStep {

	static final String TYPE = "BEAN";

	static BeanMigration of(String beanName, MongoMigration migration) {
		String version = migration.getVersion();
		MigrationVersion parsed = (version != null) ? MigrationVersion.parse(version) : null;
		if (version != null && parsed == null) {
			throw new MigrationException("its version is '%s'".formatted(version),
					"Return numbers separated by dots from getVersion(), for example '2.1'.", null);
		}
		Integer checksum = migration.getChecksum();
		if (version == null && checksum == null) {
			throw new MigrationException("it is repeatable, but has no checksum",
					"Return a number from getChecksum() that changes with the migration, or give it a version.", null);
		}
		return new BeanMigration(beanName, new MigrationName(parsed, migration.getDescription()), checksum, migration);
	}

	@Override
	public String type() {
		return TYPE;
	}

	@Override
	public String script() {
		return ClassUtils.getUserClass(AopUtils.getTargetClass(this.migration)).getName();
	}

	@Override
	public String describe() {
		return "bean '%s'".formatted(this.beanName);
	}

	@Override
	public String origin() {
		return script();
	}

	@Override
	public void check() {
	}

	@Override
	public void execute(MigrationTarget target) throws Exception {
		this.migration.migrate(target.template());
	}

}
