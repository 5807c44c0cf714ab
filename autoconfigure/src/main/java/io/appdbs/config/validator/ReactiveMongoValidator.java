package io.appdbs.config.validator;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import io.appdbs.TroubleshootingSection;
import io.appdbs.config.source.SettingProblems;
import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.engine.DatabaseKind;
import io.appdbs.engine.Dependency;
import io.appdbs.engine.Engine;
import io.appdbs.settings.mongo.MongoSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

/**
 * Validates that a MongoDB database can have a reactive client.
 *
 * @param problems where problems are reported
 * @param settings the settings
 * @param engine the engine of the database
 * @param classLoader the class loader of the application, or {@code null} for the default
 * one
 */
record ReactiveMongoValidator(SettingProblems problems, MongoSettings settings, Engine engine,
		@Nullable ClassLoader classLoader) {

	private static final String KEY = "mongo.reactive";

	private static final Map<String, String> LIBRARIES = new TreeMap<>(
			Map.of("com.mongodb.reactivestreams.client.MongoClient", "org.mongodb:mongodb-driver-reactivestreams",
					"reactor.core.publisher.Flux", "io.projectreactor:reactor-core"));

	void validate(@Nullable DatabaseConnectionDetails details) {
		if (this.engine.getKind() != DatabaseKind.MONGODB || !this.settings.reactive()) {
			return;
		}
		String key = this.problems.key(KEY);
		List<String> missing = LIBRARIES.entrySet()
			.stream()
			.filter((library) -> !ClassUtils.isPresent(library.getKey(), this.classLoader))
			.map(Map.Entry::getValue)
			.toList();
		if (!missing.isEmpty()) {
			this.problems
				.addOwn(KEY,
						"'%s' is true, but %s %s not on the class path.".formatted(key,
								String.join(" and ", missing.stream().map((it) -> "'" + it + "'").toList()),
								(missing.size() > 1) ? "are" : "is"),
						Dependency.advice(missing))
				.in(TroubleshootingSection.LIBRARY);
		}
		if (details != null && details.url().toLowerCase(Locale.ROOT).contains("proxyhost=")) {
			this.problems.addOwn(KEY,
					"'%s' is true, but '%s' has a proxy ('proxyHost'), which MongoDB's reactive driver does not support."
						.formatted(key, this.problems.key("url")),
					"Remove '%s', or the proxy.".formatted(key));
		}
	}

}
