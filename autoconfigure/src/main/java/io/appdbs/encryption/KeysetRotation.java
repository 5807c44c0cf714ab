package io.appdbs.encryption;

import java.time.Duration;
import java.util.stream.Collectors;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Replaces the keys of a database when their file changes. Keys that cannot be used leave
 * those in use.
 */
final class KeysetRotation {

	private static final Log logger = LogFactory.getLog(KeysetRotation.class);

	/** How often the file is read because of values with an unknown key. */
	private static final Duration SHORTEST_INTERVAL = Duration.ofSeconds(1);

	private final String database;

	private final KeysetFile file;

	private String text;

	private volatile EncryptionKeys keys;

	private volatile @Nullable String failure;

	private long lastRead = System.nanoTime() - SHORTEST_INTERVAL.toNanos();

	/**
	 * Creates a new {@link KeysetRotation} with the keys in the file.
	 */
	KeysetRotation(String database, KeysetFile file) throws KeysetException {
		this.database = database;
		this.file = file;
		this.text = file.read();
		this.keys = EncryptionKeys.of(file.parse(this.text), file);
	}

	EncryptionKeys getKeys() {
		return this.keys;
	}

	/**
	 * Returns the keys after the file has been read for a value whose key is unknown:
	 * another instance of the application may have read the file earlier. Many such
	 * values do not cause as many reads.
	 */
	synchronized EncryptionKeys findKeys(int id) {
		if (!this.keys.contains(id) && System.nanoTime() - this.lastRead >= SHORTEST_INTERVAL.toNanos()) {
			refresh();
		}
		return this.keys;
	}

	/**
	 * Reads the file, and uses its keys if they have changed.
	 */
	synchronized void refresh() {
		this.lastRead = System.nanoTime();
		try {
			String text = this.file.read();
			if (!text.equals(this.text)) {
				replace(EncryptionKeys.of(this.file.parse(text), this.file));
				this.text = text;
			}
			this.failure = null;
		}
		catch (KeysetException ex) {
			failed(String.valueOf(ex.getMessage()), ex);
		}
		catch (RuntimeException ex) {
			failed("the keyset could not be read: " + ex.getClass().getName(), ex);
		}
	}

	/**
	 * Values of the last minutes may have been encrypted with the former primary key.
	 */
	private void replace(EncryptionKeys replacement) throws KeysetException {
		EncryptionKeys former = this.keys;
		if (!replacement.contains(former.primary())) {
			throw this.file.failure(
					"which does not contain the key %s that new values are encrypted with"
						.formatted(EncryptionKeys.format(former.primary())),
					"Keep the former primary key in the keyset, or correct '%s'.", null);
		}
		this.keys = replacement;
		logger.info("Database '%s' encrypts fields with the key %s, and decrypts them with %s".formatted(this.database,
				EncryptionKeys.format(replacement.primary()),
				replacement.ids().stream().map(EncryptionKeys::format).collect(Collectors.joining(", "))));
	}

	/**
	 * Logs each reason once until another one occurs.
	 */
	private void failed(String failure, Exception cause) {
		if (failure.equals(this.failure)) {
			return;
		}
		this.failure = failure;
		logger.warn("Database '%s' keeps its keys for encrypted fields: %s".formatted(this.database, failure));
		logger.debug("The keyset was not replaced", cause);
	}

	EncryptionUsage getUsage() {
		return this.keys.toUsage(this.failure);
	}

}
