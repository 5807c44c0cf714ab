package io.appdbs.engine.custom;

import io.appdbs.engine.JdbcEngine;

/**
 * A second engine with the same scheme as the {@link HsqldbEngine}.
 */
class OtherHsqldbEngine extends JdbcEngine {

	OtherHsqldbEngine() {
		super("hsqldb", "Other HSQLDB", "org.hsqldb.jdbc.JDBCDriver", "org.hsqldb:hsqldb");
	}

}
