package io.appdbs.credentials;

import io.appdbs.IllegalDatabaseOperationException;
import io.appdbs.settings.DatabaseDefinition;

/**
 * {@link CredentialsStrategy} for credentials that do not change while the application
 * runs.
 *
 * @param definition the configured database
 */
public record FixedCredentials(DatabaseDefinition definition) implements CredentialsStrategy {

	@Override
	public DatabaseDefinition getDefinition() {
		return this.definition;
	}

	@Override
	public void rotate() {
		String name = this.definition.name();
		throw new IllegalDatabaseOperationException(name,
				"The credentials of database '%s' do not change: it has neither '%s' nor a DatabaseCredentialsProvider bean."
					.formatted(name, this.definition.key("credentials.password-file")));
	}

}
