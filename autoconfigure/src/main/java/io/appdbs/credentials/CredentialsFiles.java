package io.appdbs.credentials;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.function.UnaryOperator;

import io.appdbs.DatabaseCredentials;
import io.appdbs.DatabaseCredentialsException;
import io.appdbs.DatabaseCredentialsProvider;
import io.appdbs.engine.url.ShownLocation;
import io.appdbs.settings.CredentialsSettings;
import org.jspecify.annotations.Nullable;

/**
 * {@link DatabaseCredentialsProvider} that reads files with one value each, as Kubernetes
 * mounts secrets and Vault's agent writes them.
 */
public final class CredentialsFiles implements DatabaseCredentialsProvider {

	/** The longest pause of a process that writes two files, or one in parts. */
	private static final Duration SETTLE_TIME = Duration.ofMillis(200);

	private static final String FILE_PREFIX = "file:";

	private final @Nullable String usernameFile;

	private final String passwordFile;

	private final UnaryOperator<String> keys;

	private final Pause pause;

	private volatile @Nullable DatabaseCredentials last;

	/**
	 * Creates new {@link CredentialsFiles}.
	 * @param settings the settings, with a file for the password
	 * @param keys returns the full key of a setting of the database
	 */
	public CredentialsFiles(CredentialsSettings settings, UnaryOperator<String> keys) {
		this(settings, keys, () -> Thread.sleep(SETTLE_TIME.toMillis()));
	}

	CredentialsFiles(CredentialsSettings settings, UnaryOperator<String> keys, Pause pause) {
		this.keys = keys;
		this.pause = pause;
		this.usernameFile = settings.usernameFile();
		this.passwordFile = Objects.requireNonNull(settings.passwordFile());
	}

	/**
	 * Reads the files. If they have changed, they are read again until they do not change
	 * any more.
	 */
	@Override
	public DatabaseCredentials getCredentials(String database) throws InterruptedException {
		DatabaseCredentials former = this.last;
		DatabaseCredentials credentials = read();
		while (former != null && !credentials.equals(former)) {
			this.pause.pause();
			former = credentials;
			credentials = read();
		}
		this.last = credentials;
		return credentials;
	}

	private DatabaseCredentials read() {
		String username = (this.usernameFile != null) ? read("username-file", this.usernameFile) : null;
		return new DatabaseCredentials(username, read("password-file", this.passwordFile));
	}

	private String read(String name, String file) {
		String key = this.keys.apply("credentials." + name);
		String shown = ShownLocation.of(file);
		String content;
		try {
			content = Files.readString(Path.of(file));
		}
		catch (NoSuchFileException ex) {
			throw new DatabaseCredentialsException("the file '%s' of '%s' does not exist.".formatted(shown, key),
					file.startsWith(FILE_PREFIX)
							? "Write '%s' without '%s': it is a path and not a URL.".formatted(key, FILE_PREFIX)
							: "Create the file, or correct '%s'.".formatted(key),
					ShownLocation.cause(file, ex));
		}
		catch (IOException | InvalidPathException ex) {
			throw new DatabaseCredentialsException(
					"the file '%s' of '%s' cannot be read: %s.".formatted(shown, key, describe(ex)),
					"Make it a text file in UTF-8 that the application may read, or correct '%s'.".formatted(key),
					ShownLocation.cause(file, ex));
		}
		String value = content.replaceFirst("\\R\\z", "");
		if (value.isEmpty()) {
			throw new DatabaseCredentialsException("the file '%s' of '%s' is empty.".formatted(shown, key),
					"Write the value into the file, or correct '%s'.".formatted(key), null);
		}
		return value;
	}

	/**
	 * Returns why a file cannot be read. The messages of some exceptions contain only the
	 * file, or a position in it.
	 */
	private static @Nullable String describe(Exception failure) {
		if (failure instanceof AccessDeniedException) {
			return "access is denied";
		}
		if (failure instanceof CharacterCodingException) {
			return "it is not text in UTF-8";
		}
		if (failure instanceof InvalidPathException invalid) {
			return invalid.getReason();
		}
		return (failure instanceof FileSystemException named)
				? Objects.requireNonNullElse(named.getReason(), named.getClass().getSimpleName())
				: failure.getMessage();
	}

	/**
	 * Waits for the process that writes the files.
	 */
	@FunctionalInterface
	interface Pause {

		void pause() throws InterruptedException;

	}

}
