package io.appdbs.engine.custom;

import io.appdbs.engine.JdbcEngine;

/**
 * The least engine that an application can add.
 */
class HsqldbEngine extends JdbcEngine {

	HsqldbEngine() {
		super("hsqldb", "HSQLDB", "org.hsqldb.jdbc.JDBCDriver", "org.hsqldb:hsqldb");
	}

}
