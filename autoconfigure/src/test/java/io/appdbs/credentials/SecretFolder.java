package io.appdbs.credentials;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A folder with a username and a password as Kubernetes mounts a secret: links to a link
 * that is replaced at once.
 */
public final class SecretFolder {

	private final Path folder;

	private int version;

	public SecretFolder(Path folder) {
		this.folder = folder;
	}

	public String usernameFile() {
		return this.folder.resolve("username").toString();
	}

	public String passwordFile() {
		return this.folder.resolve("password").toString();
	}

	/**
	 * Replaces both values.
	 */
	public void write(String username, String password) throws IOException {
		Path data = Files.createDirectory(this.folder.resolve("..version" + ++this.version));
		Files.writeString(data.resolve("username"), username);
		Files.writeString(data.resolve("password"), password);
		Path link = Files.createSymbolicLink(this.folder.resolve("..data_tmp"), data.getFileName());
		Files.move(link, this.folder.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
		if (this.version == 1) {
			Files.createSymbolicLink(this.folder.resolve("username"), Path.of("..data", "username"));
			Files.createSymbolicLink(this.folder.resolve("password"), Path.of("..data", "password"));
		}
	}

}
