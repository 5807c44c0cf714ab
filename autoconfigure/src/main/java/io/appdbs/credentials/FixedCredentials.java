package io.appdbs.credentials;

import io.appdbs.CredentialsUsage;
import io.appdbs.IllegalDatabaseOperationException;
import io.appdbs.settings.DatabaseDefinition;
import org.jspecify.annotations.Nullable;

/**
 * {@link CredentialsStrategy} for credentials that do not change while the application
 * runs.
 *
 * @param definition the database as it is configured
 */
public record FixedCredentials(DatabaseDefinition definition) implements CredentialsStrategy {

	@Override
	public DatabaseDefinition getDefinition() {
		return this.definition;
	}

	@Override
	public boolean isRotating() {
		return false;
	}

	@Override
	public void load() {
	}

	@Override
	public boolean reload(Throwable failure) {
		return false;
	}

	@Override
	public void begin(Replacement replacement) {
	}

	@Override
	public void probeFailed(Throwable failure) {
	}

	@Override
	public void loginRefused() {
	}

	@Override
	public void rotate() {
		String name = this.definition.name();
		throw new IllegalDatabaseOperationException(name,
				"The credentials of database '%s' do not change: it has neither '%s' nor a DatabaseCredentialsProvider bean."
					.formatted(name, this.definition.key("credentials.password-file")));
	}

	@Override
	public @Nullable CredentialsUsage getUsage() {
		return null;
	}

}
