package io.appdbs.container;

import org.jspecify.annotations.Nullable;

/**
 * The declaration that a container is the server of a database.
 *
 * @param name the name of the database
 * @param engine the identifier of the engine that runs in the container or {@code null}
 * if it is not known before the container runs
 * @param origin the declaring element, for messages, for example
 * {@code bean 'ordersServer'}
 */
public record ContainerDatabase(String name, @Nullable String engine, String origin) {

}
