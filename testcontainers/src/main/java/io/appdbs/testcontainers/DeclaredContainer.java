package io.appdbs.testcontainers;

import io.appdbs.container.ContainerDatabase;
import org.jspecify.annotations.Nullable;
import org.testcontainers.containers.Container;

/**
 * A container that is declared to be the server of a database.
 *
 * @param database the database
 * @param container the container or {@code null} if it is a bean that does not exist yet
 * @param beanName the name of the bean or {@code null} if it is not a bean
 */
record DeclaredContainer(ContainerDatabase database, @Nullable Container<?> container, @Nullable String beanName) {

	/**
	 * Returns whether both are the same declaration, since a field that is imported as a
	 * bean is found twice.
	 */
	boolean isSameAs(DeclaredContainer other) {
		return this.container != null && this.container == other.container
				&& this.database.name().equals(other.database.name());
	}

}
