package io.appdbs.encryption;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.Parameters;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import com.google.crypto.tink.prf.PredefinedPrfParameters;
import org.jspecify.annotations.Nullable;

/**
 * Command that creates and rotates keysets. The master key is read from the environment
 * variable {@code MASTER_KEY}.
 */
public final class Keysets {

	private static final String USAGE = """
			Usage: master-key            prints a new master key
			       create <file>         creates a keyset that encrypts values
			       create-index <file>   creates a keyset for blind indexes
			       add <file>            adds a key that decrypts only, and prints its id
			       promote <file> <id>   makes a key the primary one, which encrypts
			       remove <file> <id>    removes a key that is not primary
			       list <file>           prints the ids of the keys
			The environment variable MASTER_KEY has the master key.""";

	private static final byte[] NO_ASSOCIATED_DATA = {};

	private final @Nullable String masterKey;

	private final PrintStream out;

	Keysets(@Nullable String masterKey, PrintStream out) {
		this.masterKey = masterKey;
		this.out = out;
	}

	/**
	 * Runs the command.
	 * @param args the command and its arguments
	 */
	public static void main(String[] args) {
		try {
			new Keysets(System.getenv("MASTER_KEY"), System.out).run(List.of(args));
		}
		catch (IllegalArgumentException ex) {
			System.err.println(ex.getMessage());
			System.exit(2);
		}
		catch (IOException | GeneralSecurityException ex) {
			System.err.println(ex.getClass().getSimpleName() + ": " + ex.getMessage());
			System.exit(1);
		}
	}

	/**
	 * Runs the command.
	 * @throws IllegalArgumentException if the arguments are wrong
	 */
	void run(List<String> args) throws IOException, GeneralSecurityException {
		switch (String.join(" ", args.subList(0, Math.min(1, args.size()))) + "/" + args.size()) {
			case "master-key/1" -> printMasterKey();
			case "create/2" -> create(Path.of(args.get(1)), PredefinedAeadParameters.AES256_GCM);
			case "create-index/2" -> create(Path.of(args.get(1)), PredefinedPrfParameters.HMAC_SHA256_PRF);
			case "add/2" -> add(Path.of(args.get(1)));
			case "promote/3" -> promote(Path.of(args.get(1)), args.get(2));
			case "remove/3" -> remove(Path.of(args.get(1)), args.get(2));
			case "list/2" -> list(read(Path.of(args.get(1))));
			default -> throw new IllegalArgumentException(USAGE);
		}
	}

	private void printMasterKey() {
		byte[] key = new byte[MasterKey.LENGTH];
		new SecureRandom().nextBytes(key);
		this.out.println(Base64.getEncoder().encodeToString(key));
	}

	private void create(Path file, Parameters parameters) throws IOException, GeneralSecurityException {
		if (Files.exists(file)) {
			throw new IllegalArgumentException(
					"The file '%s' exists. Values that were encrypted with its keys would be lost.".formatted(file));
		}
		Aead master = master();
		write(file, KeysetHandle.generateNew(parameters), master);
	}

	private void add(Path file) throws IOException, GeneralSecurityException {
		KeysetHandle.Builder builder = KeysetHandle.newBuilder(read(file));
		builder.addEntry(KeysetHandle.generateEntryFromParameters(PredefinedAeadParameters.AES256_GCM).withRandomId());
		write(file, builder.build(), master());
	}

	private void promote(Path file, String id) throws IOException, GeneralSecurityException {
		KeysetHandle keyset = read(file);
		KeysetHandle.Builder builder = KeysetHandle.newBuilder(keyset);
		builder.getAt(find(keyset, id)).makePrimary();
		write(file, builder.build(), master());
	}

	private void remove(Path file, String id) throws IOException, GeneralSecurityException {
		KeysetHandle keyset = read(file);
		int index = find(keyset, id);
		if (keyset.getAt(index).isPrimary()) {
			throw new IllegalArgumentException("The key %s is primary. Promote another one first.".formatted(id));
		}
		write(file, KeysetHandle.newBuilder(keyset).deleteAt(index).build(), master());
	}

	private static int find(KeysetHandle keyset, String id) {
		for (int i = 0; i < keyset.size(); i++) {
			if (EncryptionKeys.format(keyset.getAt(i).getId()).equals(id)) {
				return i;
			}
		}
		throw new IllegalArgumentException("The keyset has no key %s.".formatted(id));
	}

	private void list(KeysetHandle keyset) {
		for (int i = 0; i < keyset.size(); i++) {
			KeysetHandle.Entry entry = keyset.getAt(i);
			this.out.println(EncryptionKeys.format(entry.getId()) + (entry.isPrimary() ? " primary" : ""));
		}
	}

	private KeysetHandle read(Path file) throws IOException, GeneralSecurityException {
		return TinkJsonProtoKeysetFormat.parseEncryptedKeyset(Files.readString(file), master(), NO_ASSOCIATED_DATA);
	}

	/**
	 * Replaces the file at once, since applications may be reading it.
	 */
	private void write(Path file, KeysetHandle keyset, Aead master) throws IOException, GeneralSecurityException {
		Path folder = file.toAbsolutePath().getParent();
		Path temporary = Files.createTempFile(folder, "keyset", ".tmp");
		Files.writeString(temporary,
				TinkJsonProtoKeysetFormat.serializeEncryptedKeyset(keyset, master, NO_ASSOCIATED_DATA));
		Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
		list(keyset);
	}

	private Aead master() {
		MasterKey.registerAlgorithms();
		if (!MasterKey.isValid(this.masterKey)) {
			throw new IllegalArgumentException(
					"The environment variable MASTER_KEY must have the master key, 32 bytes in Base64.");
		}
		return MasterKey.create(String.valueOf(this.masterKey));
	}

}
