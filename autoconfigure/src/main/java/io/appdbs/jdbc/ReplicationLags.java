package io.appdbs.jdbc;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The lags of all replicas of an application, by the database that they follow.
 */
public final class ReplicationLags {

	private final Map<String, ReplicationLag> lags = new ConcurrentHashMap<>();

	ReplicationLag get(String database) {
		return this.lags.computeIfAbsent(database, (name) -> new ReplicationLag());
	}

}
