package io.appdbs.encryption;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.ExecutableMode;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.TypeReference;

/**
 * Hints for native images: row mappers find {@link Encrypted#of} by reflection.
 */
public final class EncryptedHints implements RuntimeHintsRegistrar {

	@Override
	public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
		hints.reflection()
			.registerType(Encrypted.class,
					(type) -> type.withMethod("of", List.of(TypeReference.of(String.class)), ExecutableMode.INVOKE));
	}

}
