package io.appdbs.sample.orders;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Activates the profile in which the orders have an embedded replica, unless they are on
 * a server of the user.
 */
class EmbeddedOrdersProfile implements EnvironmentPostProcessor, Ordered {

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		if (!environment.containsProperty("ORDERS_URL")) {
			environment.addActiveProfile("embedded-orders");
		}
	}

	/**
	 * Before application.yml is read.
	 */
	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

}
