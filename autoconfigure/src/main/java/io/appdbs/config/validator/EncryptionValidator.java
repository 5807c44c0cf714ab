package io.appdbs.config.validator;

import java.util.Base64;
import java.util.List;

import io.appdbs.TroubleshootingSection;
import io.appdbs.config.source.ConfiguredSources.Place;
import io.appdbs.config.source.SettingProblems;
import io.appdbs.engine.Dependency;
import io.appdbs.settings.security.EncryptionSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

/**
 * Validates the settings of encrypted fields. No message contains the master key.
 *
 * @param problems where problems are reported
 * @param settings the settings
 * @param classLoader the class loader of the application, or {@code null} for the default
 * one
 */
record EncryptionValidator(SettingProblems problems, EncryptionSettings settings, @Nullable ClassLoader classLoader) {

	private static final int KEY_LENGTH = 32;

	private static final String KEYSET = "encryption.keyset";

	private static final String MASTER_KEY = "encryption.master-key";

	void validate() {
		this.problems.checkPositive("encryption.refresh-interval", this.settings.refreshInterval());
		String masterKey = this.settings.masterKey();
		if (masterKey != null && !isKey(masterKey)) {
			this.problems.addOwn(MASTER_KEY,
					"'%s' is not a key of %d bytes in Base64.".formatted(this.problems.key(MASTER_KEY), KEY_LENGTH),
					"Write the key that encrypted the keyset, for example one that 'openssl rand -base64 %d' has created."
						.formatted(KEY_LENGTH));
		}
		if (this.settings.keyset() == null) {
			rejectUnused(MASTER_KEY);
			rejectUnused("encryption.index-keyset");
			rejectUnused("encryption.refresh-interval");
		}
		else if (!ClassUtils.isPresent("com.google.crypto.tink.Aead", this.classLoader)) {
			this.problems
				.addOwn(KEYSET,
						"'%s' needs 'com.google.crypto.tink:tink', which is not on the class path.".formatted(
								this.problems.key(KEYSET)),
						Dependency.advice(List.of("com.google.crypto.tink:tink")))
				.in(TroubleshootingSection.LIBRARY);
		}
	}

	private static boolean isKey(String text) {
		try {
			return Base64.getDecoder().decode(text).length == KEY_LENGTH;
		}
		catch (IllegalArgumentException ex) {
			return false;
		}
	}

	/**
	 * A default is for the databases that have a keyset.
	 */
	private void rejectUnused(String setting) {
		Place place = this.problems.place(setting);
		boolean empty = place != null && place.value().toString().isBlank();
		if (place != null && place.own() && !empty) {
			this.problems.addOwn(setting,
					"'%s' has no effect without '%s'.".formatted(this.problems.key(setting), this.problems.key(KEYSET)),
					"Set '%s' to the location of a keyset, or remove '%s'.".formatted(this.problems.key(KEYSET),
							this.problems.key(setting)));
		}
	}

}
