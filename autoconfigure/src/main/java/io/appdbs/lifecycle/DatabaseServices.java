package io.appdbs.lifecycle;

import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

import io.appdbs.SslUsage;
import io.appdbs.backup.BackupObservation;
import io.appdbs.cache.DatabaseCaches;
import io.appdbs.inspection.Inspection;
import io.appdbs.maintenance.Maintenance;
import io.appdbs.schema.Schema;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * What a database offers besides connections.
 *
 * @param inspection the inspection
 * @param schema the look-ups in the schema
 * @param maintenance the operations that maintain it
 * @param beans returns the object of a type with which code uses the database
 * @param ssl supplies the usage of the SSL bundle, or {@code null} if it has none
 * @param caches the caches, or {@code null} if it has none
 * @param backups the observation of its backups, or {@code null} if there is nothing to
 * observe
 * @param closeables what has to end before the database is closed, in order
 */
public record DatabaseServices(Inspection inspection, Schema schema, Maintenance maintenance,
		Function<Class<?>, Object> beans, Supplier<@Nullable SslUsage> ssl, @Nullable DatabaseCaches caches,
		@Nullable BackupObservation backups, List<AutoCloseable> closeables) implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(DatabaseServices.class);

	public DatabaseServices {
		closeables = List.copyOf(closeables);
	}

	@Override
	public void close() {
		for (AutoCloseable closeable : this.closeables) {
			try {
				closeable.close();
			}
			catch (Exception ex) {
				logger.warn("%s did not close properly".formatted(closeable.getClass().getSimpleName()), ex);
			}
		}
	}

}
