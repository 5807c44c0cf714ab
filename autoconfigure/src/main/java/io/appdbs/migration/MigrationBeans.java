package io.appdbs.migration;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

import org.flywaydb.core.api.callback.Callback;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.core.api.migration.JavaMigration;

/**
 * Contributions of the application's beans to the migrations of one database.
 *
 * @param callbacks the callbacks, in order
 * @param javaMigrations the migrations written in Java
 * @param customizers applied last, in order
 */
public record MigrationBeans(List<Callback> callbacks, List<JavaMigration> javaMigrations,
		List<Consumer<FluentConfiguration>> customizers) {

	public MigrationBeans {
		callbacks = List.copyOf(callbacks);
		javaMigrations = List.copyOf(javaMigrations);
		customizers = List.copyOf(customizers);
	}

	/**
	 * Returns a copy with a customizer that is applied after the others.
	 */
	MigrationBeans and(Consumer<FluentConfiguration> customizer) {
		return new MigrationBeans(this.callbacks, this.javaMigrations,
				Stream.concat(this.customizers.stream(), Stream.of(customizer)).toList());
	}

}
