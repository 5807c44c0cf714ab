package io.appdbs.encryption;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import com.google.crypto.tink.Aead;
import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.TroubleshootingSection;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.security.EncryptionSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.core.io.ResourceLoader;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * The ciphers of all databases with a keyset. Reads the keysets again at intervals, until
 * it is closed. Loaded only if Tink is on the class path.
 */
public final class FieldCiphers implements EncryptionUsages, AutoCloseable {

	private final Map<String, KeysetFieldCipher> ciphers = new ConcurrentHashMap<>();

	private final ScheduledThreadPoolExecutor executor;

	/**
	 * Creates new {@link FieldCiphers}.
	 * @param databases the number of databases
	 */
	public FieldCiphers(int databases) {
		CustomizableThreadFactory threads = new CustomizableThreadFactory("appdbs-keyset-");
		threads.setDaemon(true);
		// a key management service that does not answer must not affect other databases
		this.executor = new ScheduledThreadPoolExecutor(Math.max(1, databases), threads);
	}

	/**
	 * Reads the keysets of a database, and tests them.
	 * @param database the database, with a keyset
	 * @param bean decrypts the keysets, or {@code null} if the master key does
	 * @param beanName the name of the bean
	 * @param resourceLoader loads the keysets
	 * @throws InvalidDatabaseConfigurationException if a keyset cannot be used
	 */
	public void add(DatabaseDefinition database, @Nullable Aead bean, @Nullable String beanName,
			ResourceLoader resourceLoader) {
		EncryptionSettings settings = database.settings().encryption();
		String masterKey = "encryption.master-key";
		Aead master = (bean != null) ? bean : MasterKey.create(String.valueOf(settings.masterKey()));
		String description = (bean != null) ? "the Aead bean '%s'".formatted(beanName)
				: "'%s'".formatted(database.key(masterKey));
		try {
			KeysetRotation rotation = new KeysetRotation(database.name(), new KeysetFile("encryption.keyset",
					String.valueOf(settings.keyset()), resourceLoader, master, description, database::key));
			BlindIndex index = (settings.indexKeyset() != null)
					? BlindIndex.of(database.name(), new KeysetFile("encryption.index-keyset", settings.indexKeyset(),
							resourceLoader, master, description, database::key))
					: null;
			KeysetFieldCipher cipher = new KeysetFieldCipher(database, rotation, index);
			this.ciphers.put(database.name(), cipher);
			long interval = settings.refreshInterval().toMillis();
			this.executor.scheduleWithFixedDelay(cipher::refresh, interval, interval, TimeUnit.MILLISECONDS);
		}
		catch (KeysetException ex) {
			throw new InvalidDatabaseConfigurationException(database.name(), database.key(ex.getSetting()),
					"Database '%s': %s".formatted(database.name(), ex.getMessage()), ex.getAction(), ex)
				.in(TroubleshootingSection.ENCRYPTION);
		}
	}

	/**
	 * Returns the cipher of a database.
	 * @param database the name of the database
	 * @return the cipher
	 */
	public FieldCipher get(String database) {
		return Objects.requireNonNull(this.ciphers.get(database),
				() -> "Database '%s' has no cipher".formatted(database));
	}

	@Override
	public @Nullable EncryptionUsage getUsage(String database) {
		KeysetFieldCipher cipher = this.ciphers.get(database);
		return (cipher != null) ? cipher.getUsage() : null;
	}

	@Override
	public void close() {
		this.executor.shutdownNow();
	}

}
