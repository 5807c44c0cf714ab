package io.appdbs.lifecycle;

import io.appdbs.engine.Engine;

/**
 * A server that has answered.
 *
 * @param engine the engine that the server turned out to be
 * @param description where and what it is, for the log, without user information
 */
public record ConnectedServer(Engine engine, String description) {

}
