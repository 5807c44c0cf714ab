package io.appdbs.encryption;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link Keysets}.
 */
class KeysetsTests {

	@TempDir
	Path folder;

	@Test
	void aMasterKeyHas32Bytes() {
		String key = TestKeysets.runWith(null, "master-key").get(0);
		assertThat(MasterKey.isValid(key)).isTrue();
		assertThat(TestKeysets.runWith(null, "master-key").get(0)).isNotEqualTo(key);
	}

	@Test
	void keysAreAddedPromotedAndRemoved() throws IOException {
		String file = this.folder.resolve("keyset.json").toString();
		String first = id(TestKeysets.run("create", file).get(0));
		List<String> added = TestKeysets.run("add", file);
		assertThat(added).hasSize(2).first().isEqualTo(first + " primary");
		String second = added.get(1);
		assertThat(TestKeysets.run("promote", file, second)).containsExactly(first, second + " primary");
		assertThatIllegalArgumentException().isThrownBy(() -> TestKeysets.run("remove", file, second))
			.withMessage("The key %s is primary. Promote another one first.", second);
		assertThat(TestKeysets.run("remove", file, first)).containsExactly(second + " primary");
		assertThat(TestKeysets.run("list", file)).containsExactly(second + " primary");
		assertThatIllegalArgumentException().isThrownBy(() -> TestKeysets.run("promote", file, first))
			.withMessage("The keyset has no key %s.", first);
		assertThat(Files.list(this.folder)).hasSize(1);
		assertThat(Files.readString(Path.of(file))).contains("encryptedKeyset").doesNotContain("\"key\"");
	}

	private static String id(String line) {
		return line.split(" ")[0];
	}

	@Test
	void anExistingFileIsNotOverwritten() {
		Path file = this.folder.resolve("keyset.json");
		TestKeysets.run("create", file.toString());
		assertThatIllegalArgumentException().isThrownBy(() -> TestKeysets.run("create", file.toString()))
			.withMessage("The file '%s' exists. Values that were encrypted with its keys would be lost.", file);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "create", "create a b", "destroy a" })
	void wrongArgumentsPrintTheUsage(String arguments) {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> TestKeysets.run(arguments.isEmpty() ? new String[0] : arguments.split(" ")))
			.withMessageStartingWith("Usage: master-key ");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "c2hvcnQ=", "not base64" })
	void aWrongMasterKeyIsRejected(String key) {
		Path file = this.folder.resolve("keyset.json");
		assertThatExceptionOfType(IllegalArgumentException.class)
			.isThrownBy(() -> TestKeysets.runWith(key, "create", file.toString()))
			.withMessage("The environment variable MASTER_KEY must have the master key, 32 bytes in Base64.");
		assertThat(file).doesNotExist();
	}

}
