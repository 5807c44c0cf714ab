package io.appdbs.reference;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

import io.appdbs.settings.DatabaseSettings;

import org.springframework.boot.configurationmetadata.ConfigurationMetadataProperty;
import org.springframework.boot.configurationmetadata.ConfigurationMetadataRepository;
import org.springframework.boot.configurationmetadata.ConfigurationMetadataRepositoryJsonBuilder;
import org.springframework.boot.configurationmetadata.Hints;

/**
 * The configuration metadata of this module, which the annotation processor of Spring
 * Boot has made of the settings, read by the library that editors use.
 */
final class Metadata {

	private static final Path FOLDER = findClasses().resolve("META-INF");

	private final ConfigurationMetadataRepository repository;

	private Metadata(Path file) {
		try (InputStream stream = Files.newInputStream(file)) {
			this.repository = ConfigurationMetadataRepositoryJsonBuilder.create(stream).build();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Reads the metadata that editors read.
	 * @return all keys with their prefix
	 */
	static Metadata read() {
		return new Metadata(FOLDER.resolve("spring-configuration-metadata.json"));
	}

	/**
	 * Reads the metadata of a type with values of a map or a list, for whose keys the
	 * other file has no place.
	 * @param type the type
	 * @return the keys below an element
	 */
	static Metadata read(Class<?> type) {
		return new Metadata(FOLDER.resolve("spring/configuration-metadata/" + type.getName() + ".json"));
	}

	/**
	 * Returns the keys.
	 * @return the properties by their names, in alphabetical order
	 */
	Map<String, ConfigurationMetadataProperty> properties() {
		return new TreeMap<>(this.repository.getAllProperties());
	}

	/**
	 * Returns the hints of a key.
	 * @param key the key with its prefix
	 * @return the hints, which are empty if the metadata does not have the key
	 */
	Hints hints(String key) {
		ConfigurationMetadataProperty property = this.repository.getAllProperties().get(key);
		return ((property != null) ? property : new ConfigurationMetadataProperty()).getHints();
	}

	boolean contains(String key) {
		return this.repository.getAllProperties().containsKey(key);
	}

	boolean containsBelow(String prefix) {
		return this.repository.getAllProperties().keySet().stream().anyMatch((key) -> key.startsWith(prefix));
	}

	private static Path findClasses() {
		try {
			return Path.of(DatabaseSettings.class.getProtectionDomain().getCodeSource().getLocation().toURI());
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

}
