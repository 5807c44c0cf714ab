package com.example.legacy;

import io.appdbs.engine.JdbcEngine;

class HsqldbEngine extends JdbcEngine {

	HsqldbEngine() {
		super("hsqldb", "HSQLDB", "org.hsqldb.jdbc.JDBCDriver", "org.hsqldb:hsqldb");
	}

}
