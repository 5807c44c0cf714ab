package io.appdbs.testcontainers;

import java.util.Map;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.testcontainers.lifecycle.TestcontainersStartup;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Starts containers in parallel, as databases are, unless the application configures
 * otherwise.
 */
class ParallelStartEnvironmentPostProcessor implements EnvironmentPostProcessor {

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		environment.getPropertySources()
			.addLast(new MapPropertySource("appDbsContainerStart", Map.of(TestcontainersStartup.PROPERTY, "parallel")));
	}

}
