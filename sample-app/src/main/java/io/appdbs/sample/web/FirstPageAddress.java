package io.appdbs.sample.web;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/**
 * Logs the address of the first page, with the port that was selected.
 */
@Component
class FirstPageAddress {

	private static final Log logger = LogFactory.getLog(FirstPageAddress.class);

	@EventListener
	void log(ApplicationReadyEvent event) {
		Environment environment = event.getApplicationContext().getEnvironment();
		logger.info("The shop is at http://localhost:%s%s/".formatted(environment.getProperty("local.server.port"),
				environment.getProperty("server.servlet.context-path", "")));
	}

}
