package io.appdbs.autoconfigure;

import io.appdbs.engine.DatabaseKind;

import org.springframework.util.StringUtils;

/**
 * What must be known of a database when bean definitions are registered.
 *
 * @param name the name as written
 * @param kind the kind of database
 * @param primary whether the configuration makes it the primary one
 */
record NamedDatabase(String name, DatabaseKind kind, boolean primary) {

	/**
	 * Return the name of a bean of this database.
	 * @param suffix the suffix that says what the bean is, for example {@code JdbcClient}
	 * @return the name, for example {@code orderArchiveJdbcClient}
	 */
	String beanName(String suffix) {
		StringBuilder prefix = new StringBuilder();
		for (String part : this.name.split("-")) {
			prefix.append(prefix.isEmpty() ? part : StringUtils.capitalize(part));
		}
		return prefix + suffix;
	}

	boolean isRelational() {
		return this.kind == DatabaseKind.RELATIONAL;
	}

}
