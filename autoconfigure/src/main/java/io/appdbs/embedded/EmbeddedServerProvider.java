package io.appdbs.embedded;

import io.appdbs.engine.Dependency;
import org.jspecify.annotations.Nullable;

/**
 * Starts the embedded server of one engine. Implementations are listed in
 * {@code META-INF/spring.factories} and load the classes of their library in
 * {@link #start} only.
 */
interface EmbeddedServerProvider {

	/**
	 * Return the engine as in {@code embedded:<engine>}.
	 * @return the engine in lower case
	 */
	String getEngine();

	/**
	 * Return the name that messages use.
	 * @return the name, for example {@code PostgreSQL}
	 */
	String getDisplayName();

	/**
	 * Return a class of the library that the server comes from.
	 * @return the fully qualified name of the class
	 */
	String getLibraryClassName();

	/**
	 * Return the library that the server comes from.
	 * @return the Maven coordinates, as of {@link Dependency#of(String)}
	 */
	String getLibraryCoordinates();

	/**
	 * Return what else is to be known of the library.
	 * @return full sentences or {@code null}
	 */
	default @Nullable String getLibraryNote() {
		return null;
	}

	/**
	 * Return whether the server can keep its data in a {@code data-dir}.
	 * @return whether there can be a {@code data-dir}
	 */
	default boolean isPersistent() {
		return true;
	}

	/**
	 * Return whether the server can make databases as copies of others.
	 * @return whether there can be a {@code template}
	 */
	default boolean isCopying() {
		return false;
	}

	/**
	 * Start the server and wait until it answers.
	 * @param folder where files and processes of the server belong; to be
	 * {@linkplain ServerFolder#open() opened} if there are any
	 * @return the running server
	 * @throws Exception if the server cannot be started; its message is part of what
	 * users see
	 */
	EmbeddedServer start(ServerFolder folder) throws Exception;

}
