package io.appdbs.backup.check;

import java.util.Optional;

import io.appdbs.engine.archive.ArchiverReading;
import org.jspecify.annotations.Nullable;

/**
 * Reads how the server of a database archives its log.
 */
@FunctionalInterface
public interface ArchiveSource {

	/**
	 * Reads the state of archiving.
	 * @return the state, empty if the server does not archive, or {@code null} if it
	 * cannot be asked now
	 * @throws Exception if the server does not answer
	 */
	@Nullable Optional<ArchiverReading> read() throws Exception;

}
