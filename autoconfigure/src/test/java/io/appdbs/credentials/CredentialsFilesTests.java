package io.appdbs.credentials;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

import io.appdbs.DatabaseCredentials;
import io.appdbs.DatabaseCredentialsException;
import io.appdbs.settings.CredentialsSettings;
import io.appdbs.settings.DatabaseDefinition;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link CredentialsFiles}.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CredentialsFilesTests {

	private static final UnaryOperator<String> KEYS = (setting) -> DatabaseDefinition.key("orders", setting);

	@TempDir
	private Path folder;

	@ParameterizedTest
	@ValueSource(strings = { "s3cr3t", "s3cr3t\n", "s3cr3t\r\n" })
	void aLineBreakAtTheEndIsNotPartOfTheValue(String content) throws Exception {
		assertThat(files(write("password", content)).getCredentials("orders"))
			.isEqualTo(new DatabaseCredentials(null, "s3cr3t"));
	}

	@Test
	void spacesAndEarlierLineBreaksArePartOfTheValue() throws Exception {
		assertThat(files(write("password", " s3cr3t \n\n")).getCredentials("orders"))
			.isEqualTo(new DatabaseCredentials(null, " s3cr3t \n"));
	}

	@Test
	void whenTheSecretIsReplacedThenBothValuesAreTheNewOnes() throws Exception {
		SecretFolder secret = new SecretFolder(this.folder);
		secret.write("anna", "s3cr3t-anna");
		CredentialsFiles files = files(secret);
		assertThat(files.getCredentials("orders")).isEqualTo(new DatabaseCredentials("anna", "s3cr3t-anna"));
		secret.write("bert", "s3cr3t-bert");
		assertThat(files.getCredentials("orders")).isEqualTo(new DatabaseCredentials("bert", "s3cr3t-bert"));
	}

	@Test
	void filesThatAreBeingWrittenAreReadAgain() throws Exception {
		SecretFolder secret = new SecretFolder(this.folder);
		secret.write("anna", "s3cr3t-anna");
		Deque<String> further = new ArrayDeque<>(List.of("s3cr3t-", "s3cr3t-bert"));
		AtomicInteger pauses = new AtomicInteger();
		CredentialsFiles files = new CredentialsFiles(settings(secret.usernameFile(), secret.passwordFile()), KEYS,
				() -> {
					pauses.incrementAndGet();
					if (!further.isEmpty()) {
						write(secret, "bert", further.remove());
					}
				});
		files.getCredentials("orders");
		assertThat(pauses).hasValue(0);
		secret.write("bert", "s3cr3t-anna");
		assertThat(files.getCredentials("orders")).isEqualTo(new DatabaseCredentials("bert", "s3cr3t-bert"));
		assertThat(pauses).hasValue(3);
		files.getCredentials("orders");
		assertThat(pauses).hasValue(3);
	}

	@Test
	void readingFilesThatDoNotSettleCanBeInterrupted() throws Exception {
		CredentialsFiles files = files(write("password", "s3cr3t-0"));
		files.getCredentials("orders");
		write("password", "s3cr3t-1");
		Thread.currentThread().interrupt();
		assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> files.getCredentials("orders"));
	}

	@Test
	void whenTheFileIsAUrlThenItsSecretsAreNotShown() {
		CredentialsSettings settings = settings(null, "https://svc:s3cr3t@cfg/password?sig=s3cr3t");
		assertThatExceptionOfType(DatabaseCredentialsException.class)
			.isThrownBy(() -> new CredentialsFiles(settings, KEYS).getCredentials("orders"))
			.withMessageContaining("the file 'https://***@cfg/password?***' of '%s' does not exist.",
					"app.dbs.orders.credentials.password-file")
			.withNoCause();
		assertThat(settings.toString()).doesNotContain("s3cr3t");
	}

	@Test
	void whenTheFileDoesNotExistThenItIsReported() {
		assertFails(this.folder.resolve("password"),
				"the file '%s' of 'app.dbs.orders.credentials.password-file' does not exist.",
				"Create the file, or correct 'app.dbs.orders.credentials.password-file'.");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "\n" })
	void whenTheFileIsEmptyThenItIsReported(String content) throws Exception {
		assertFails(write("password", content), "the file '%s' of 'app.dbs.orders.credentials.password-file' is empty.",
				"Write the value into the file, or correct 'app.dbs.orders.credentials.password-file'.");
	}

	@Test
	void whenTheFileCannotBeReadThenItIsReported() {
		assertUnreadable(this.folder, "Is a directory");
	}

	@Test
	void whenTheApplicationMayNotReadTheFileThenItIsReported() throws Exception {
		Path file = Files.writeString(this.folder.resolve("password"), "s3cr3t");
		Files.setPosixFilePermissions(file, Set.of());
		Assumptions.assumeFalse(Files.isReadable(file), "the user root may read every file");
		assertUnreadable(file, "access is denied");
	}

	@Test
	void whenTheFileIsALinkToItselfThenItIsReported() throws Exception {
		Path link = this.folder.resolve("password");
		Files.createSymbolicLink(link, link);
		assertUnreadable(link, "Too many levels of symbolic links or unable to access attributes of symbolic link");
	}

	@Test
	void whenTheFileIsNotTextThenItIsReported() throws Exception {
		Path file = this.folder.resolve("password");
		Files.write(file, new byte[] { (byte) 0xff, (byte) 0xfe });
		assertUnreadable(file, "it is not text in UTF-8");
	}

	private static void assertUnreadable(Path file, String reason) {
		assertFails(file, "the file '%s' of 'app.dbs.orders.credentials.password-file' cannot be read: " + reason + ".",
				"Make it a text file in UTF-8 that the application may read, or correct 'app.dbs.orders.credentials.password-file'.");
	}

	private static void assertFails(Path file, String message, String action) {
		assertThatExceptionOfType(DatabaseCredentialsException.class)
			.isThrownBy(() -> files(file).getCredentials("orders"))
			.withMessage(message, file)
			.satisfies((ex) -> assertThat(ex.getAction()).isEqualTo(action));
	}

	private Path write(String name, String content) throws IOException {
		return Files.writeString(this.folder.resolve(name), content);
	}

	private static void write(SecretFolder secret, String username, String password) {
		try {
			secret.write(username, password);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static CredentialsFiles files(SecretFolder secret) {
		return files(secret.usernameFile(), secret.passwordFile());
	}

	private static CredentialsFiles files(Path passwordFile) {
		return files(null, passwordFile.toString());
	}

	private static CredentialsFiles files(String usernameFile, String passwordFile) {
		return new CredentialsFiles(settings(usernameFile, passwordFile), KEYS);
	}

	private static CredentialsSettings settings(String usernameFile, String passwordFile) {
		return new CredentialsSettings(usernameFile, passwordFile, Duration.ofSeconds(1), Duration.ofSeconds(1),
				Duration.ofSeconds(1));
	}

}
