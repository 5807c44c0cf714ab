package io.appdbs.credentials;

import java.nio.file.Files;
import java.nio.file.Path;

import io.appdbs.Databases;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for a database whose credentials are in files.
 */
class CredentialsFilesRotationTests extends AbstractCredentialsTests {

	@TempDir
	private Path folder;

	private SecretFolder secret;

	@BeforeEach
	void mountSecret() {
		this.secret = new SecretFolder(this.folder);
	}

	@Test
	void whenTheSecretIsReplacedThenTheDatabaseUsesTheNewOne() throws Exception {
		this.secret.write("anna", "s3cr3t-anna-0\n");
		files().run((context) -> {
			assertThat(currentUser(context)).isEqualTo("anna");
			this.secret.write("bert", "s3cr3t-bert-0\n");
			Awaitility.await().until(() -> usage(context).rotations() == 1);
			assertThat(currentUser(context)).isEqualTo("bert");
			Awaitility.await().until(() -> connections("anna") == 0);
		});
	}

	@Test
	void whenAFileIsLeftHalfWrittenThenTheCredentialsInUseStay() throws Exception {
		Path file = Files.writeString(this.folder.resolve("only-password"), "s3cr3t-anna-0");
		runner("app.dbs.orders.username=anna", "app.dbs.orders.credentials.password-file=" + file).run((context) -> {
			Awaitility.await()
				.until(() -> context.getBean(Databases.class).get("orders").getSnapshot().pool().idle() == 4);
			setPassword("anna", "s3cr3t-anna-1");
			Files.writeString(file, "s3cr3t-an");
			Awaitility.await().until(() -> usage(context).failure() != null);
			assertThat(usage(context).failure()).isEqualTo(
					"newer credentials do not work: the login was refused, username or password is wrong. The driver says: FATAL: password authentication failed for user \"anna\"");
			assertThat(currentUser(context)).isEqualTo("anna");
			Files.delete(file);
			Awaitility.await()
				.until(() -> usage(context).failure()
					.equals("the file '%s' of 'app.dbs.orders.credentials.password-file' does not exist."
						.formatted(file)));
			assertThat(currentUser(context)).isEqualTo("anna");
			Files.writeString(file, "s3cr3t-anna-1");
			Awaitility.await().until(() -> usage(context).rotations() == 1);
			assertThat(usage(context).failure()).isNull();
			assertThat(currentUser(context)).isEqualTo("anna");
		});
	}

	@Test
	void whenAFileIsMissingThenTheApplicationDoesNotStart() {
		files("app.dbs.orders.startup.timeout=1h")
			.run((context) -> assertThat(CredentialsFaultTests.text(context)).isEqualTo(
					"""
							Database 'orders' could not be opened: the file '%s' of 'app.dbs.orders.credentials.username-file' does not exist.
							Create the file, or correct 'app.dbs.orders.credentials.username-file'."""
						.formatted(this.secret.usernameFile())));
	}

	private ApplicationContextRunner files(String... properties) {
		return runner("app.dbs.orders.credentials.username-file=" + this.secret.usernameFile(),
				"app.dbs.orders.credentials.password-file=" + this.secret.passwordFile())
			.withPropertyValues(properties);
	}

}
