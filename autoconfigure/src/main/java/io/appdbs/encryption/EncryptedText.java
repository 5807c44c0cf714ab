package io.appdbs.encryption;

/**
 * An {@link Encrypted} without the interface of spring-jdbc.
 */
final class EncryptedText extends Encrypted {

	EncryptedText(String text) {
		super(text);
	}

}
