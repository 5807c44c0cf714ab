package io.appdbs.testsupport.tls;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A certificate and its private key, in PEM.
 *
 * @param certificate the file with the certificate
 * @param privateKey the file with the key
 */
public record CertificateFiles(Path certificate, Path privateKey) {

	/**
	 * Copies both to files whose content can be replaced.
	 * @param folder the folder of the files
	 * @param name the name of the files without extension
	 */
	public CertificateFiles copyTo(Path folder, String name) {
		CertificateFiles copy = new CertificateFiles(folder.resolve(name + ".crt"), folder.resolve(name + ".key"));
		copy.replaceWith(this);
		return copy;
	}

	/**
	 * Replaces both, first the key.
	 */
	public void replaceWith(CertificateFiles other) {
		replaceKeyWith(other);
		replace(this.certificate, other.certificate);
	}

	/**
	 * Replaces the key alone, as if only the first of two files had been written yet.
	 */
	public void replaceKeyWith(CertificateFiles other) {
		replace(this.privateKey, other.privateKey);
	}

	/**
	 * Replaces the file at once, so that nobody reads half of it.
	 */
	private static void replace(Path file, Path content) {
		try {
			Path written = Files.createTempFile(file.toAbsolutePath().getParent(), "written", null);
			Files.copy(content, written, StandardCopyOption.REPLACE_EXISTING);
			Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
