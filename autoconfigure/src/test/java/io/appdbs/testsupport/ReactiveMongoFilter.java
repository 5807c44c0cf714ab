package io.appdbs.testsupport;

import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.env.Environment;

/**
 * Lets Boot configure its reactive MongoDB client only in tests that set a property. It
 * would be in every context of a test that has all auto-configurations, and closing it
 * takes two seconds, the quiet period of Netty.
 */
public class ReactiveMongoFilter implements AutoConfigurationImportFilter, EnvironmentAware {

	/** The property that a test sets to {@code true}. */
	public static final String PROPERTY = "appdbs.test.boots-reactive-mongo";

	private static final String FILTERED = "org.springframework.boot.mongodb.autoconfigure.MongoReactiveAutoConfiguration";

	private Environment environment;

	@Override
	public void setEnvironment(Environment environment) {
		this.environment = environment;
	}

	@Override
	public boolean[] match(String[] candidates, AutoConfigurationMetadata metadata) {
		boolean included = this.environment.getProperty(PROPERTY, Boolean.class, false);
		boolean[] matches = new boolean[candidates.length];
		for (int i = 0; i < candidates.length; i++) {
			matches[i] = included || !FILTERED.equals(candidates[i]);
		}
		return matches;
	}

}
