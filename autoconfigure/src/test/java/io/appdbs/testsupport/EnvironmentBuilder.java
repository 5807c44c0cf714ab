package io.appdbs.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ByteArrayResource;

/**
 * Builds an environment as an application has it: a YAML file below the variables of the
 * environment below the command line.
 */
public final class EnvironmentBuilder {

	private String yaml = "";

	private final Map<String, Object> variables = new LinkedHashMap<>();

	private final Map<String, Object> arguments = new LinkedHashMap<>();

	public static EnvironmentBuilder yaml(String yaml) {
		EnvironmentBuilder builder = new EnvironmentBuilder();
		builder.yaml = yaml;
		return builder;
	}

	public static EnvironmentBuilder properties(String... pairs) {
		EnvironmentBuilder builder = new EnvironmentBuilder();
		for (String pair : pairs) {
			builder.argument(pair);
		}
		return builder;
	}

	public EnvironmentBuilder variable(String name, String value) {
		this.variables.put(name, value);
		return this;
	}

	public EnvironmentBuilder argument(String pair) {
		int equals = pair.indexOf('=');
		this.arguments.put(pair.substring(0, equals), pair.substring(equals + 1));
		return this;
	}

	public ConfigurableEnvironment build() {
		StandardEnvironment environment = new StandardEnvironment();
		MutablePropertySources sources = environment.getPropertySources();
		sources.replace(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
				new SystemEnvironmentPropertySource(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
						this.variables));
		if (!this.arguments.isEmpty()) {
			sources.addFirst(new MapPropertySource("commandLineArgs", this.arguments));
		}
		for (PropertySource<?> source : load()) {
			sources.addLast(source);
		}
		return environment;
	}

	private List<PropertySource<?>> load() {
		try {
			ByteArrayResource resource = new ByteArrayResource(this.yaml.getBytes(StandardCharsets.UTF_8),
					"application.yml");
			return new YamlPropertySourceLoader().load("application.yml", resource);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
