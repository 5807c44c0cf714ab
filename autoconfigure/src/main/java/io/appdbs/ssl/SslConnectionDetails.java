package io.appdbs.ssl;

import io.appdbs.engine.ConnectionDetailsSupplier;
import io.appdbs.engine.DatabaseConnectionDetails;
import org.jspecify.annotations.Nullable;

/**
 * Supplies connection details with which the driver uses an SSL bundle.
 *
 * @param delegate supplies the details without it
 * @param ssl the bundle of the database
 */
public record SslConnectionDetails(ConnectionDetailsSupplier delegate,
		DatabaseSsl ssl) implements ConnectionDetailsSupplier {

	@Override
	public DatabaseConnectionDetails get() {
		return this.ssl.apply(this.delegate.get());
	}

	@Override
	public DatabaseConnectionDetails withCurrentLogin(DatabaseConnectionDetails details) {
		return this.delegate.withCurrentLogin(details);
	}

	@Override
	public @Nullable DatabaseConnectionDetails withNewLogin(DatabaseConnectionDetails details,
			@Nullable String rejected) {
		return this.delegate.withNewLogin(details, rejected);
	}

}
