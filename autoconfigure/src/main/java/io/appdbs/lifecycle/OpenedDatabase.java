package io.appdbs.lifecycle;

import io.appdbs.engine.Engine;

/**
 * A database that has answered.
 *
 * @param resource the pool or client, closed together with the database
 * @param engine the engine that the server turned out to be
 * @param description where and what it is, for the log, without user information
 */
public record OpenedDatabase(AutoCloseable resource, Engine engine, String description) {

}
