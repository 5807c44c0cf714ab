package io.appdbs.embedded;

import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The databases of a server that are copied. Each is filled once, by the first caller
 * that requests a copy, while other callers wait.
 */
final class FilledDatabases {

	private static final Log logger = LogFactory.getLog(FilledDatabases.class);

	private final EmbeddedServer server;

	private final Map<Object, FutureTask<String>> filled = new ConcurrentHashMap<>();

	private @Nullable String emptyUrl;

	FilledDatabases(EmbeddedServer server) {
		this.server = server;
	}

	/**
	 * Creates a database as a copy, or an empty one if there is nothing to copy. If the
	 * template is invalid, the caller that fills the empty database reports the error.
	 * @return the URL
	 */
	String createDatabase(String name, DatabaseTemplate template) throws Exception {
		String source = find(template);
		return (source != null) ? this.server.createCopy(name, source) : this.server.createDatabase(name);
	}

	private @Nullable String find(DatabaseTemplate template) throws InterruptedException {
		try {
			Object key = template.getKey(getEmptyUrl());
			return (key != null) ? find(key, template) : null;
		}
		catch (InterruptedException ex) {
			throw ex;
		}
		catch (Exception ex) {
			logger.warn("A database starts empty because its template could not be created: " + ex.getMessage());
			logger.debug("The template could not be created", ex);
			return null;
		}
	}

	private String find(Object key, DatabaseTemplate template) throws Exception {
		FutureTask<String> task = new FutureTask<>(() -> fill(template));
		FutureTask<String> first = this.filled.putIfAbsent(key, task);
		if (first == null) {
			task.run();
		}
		try {
			return Objects.requireNonNullElse(first, task).get();
		}
		catch (ExecutionException ex) {
			// the next caller tries again
			this.filled.remove(key, Objects.requireNonNullElse(first, task));
			throw ex;
		}
	}

	private String fill(DatabaseTemplate template) throws Exception {
		String name = "template-" + UUID.randomUUID();
		String url = this.server.createDatabase(name);
		try {
			template.fill(url);
			return name;
		}
		catch (Exception ex) {
			this.server.dropDatabase(name);
			throw ex;
		}
	}

	private synchronized String getEmptyUrl() throws Exception {
		String url = this.emptyUrl;
		if (url == null) {
			url = this.server.createDatabase("empty-" + UUID.randomUUID());
			this.emptyUrl = url;
		}
		return url;
	}

}
