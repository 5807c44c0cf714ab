package io.appdbs.engine.custom;

import io.appdbs.engine.JdbcEngine;

/**
 * An application's engine that takes the place of one of the library's.
 */
class OwnH2Engine extends JdbcEngine {

	OwnH2Engine() {
		super("h2", "Own H2", "org.h2.Driver", "com.h2database:h2");
	}

}
