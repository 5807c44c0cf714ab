package io.appdbs.testsupport;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Remembers what the class path of the tests contains and what not. Each context looks up
 * hundreds of classes and their files, of which many do not exist, and each look-up goes
 * through more than 200 archives. It defines no class.
 *
 * @see ApplicationClassLoader
 */
public final class CachingClassLoader extends ClassLoader {

	private static final ClassLoader shared = new CachingClassLoader(CachingClassLoader.class.getClassLoader());

	private final Set<String> missingClasses = ConcurrentHashMap.newKeySet();

	private final Map<String, Optional<URL>> resources = new ConcurrentHashMap<>();

	private final Map<String, List<URL>> allResources = new ConcurrentHashMap<>();

	private final Map<String, byte[]> classFiles = new ConcurrentHashMap<>();

	private CachingClassLoader(ClassLoader parent) {
		super(parent);
	}

	@Override
	protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
		if (this.missingClasses.contains(name)) {
			throw new ClassNotFoundException(name);
		}
		try {
			return getParent().loadClass(name);
		}
		catch (ClassNotFoundException ex) {
			this.missingClasses.add(name);
			throw ex;
		}
	}

	@Override
	public URL getResource(String name) {
		return this.resources.computeIfAbsent(name, this::findInParent).orElse(null);
	}

	private Optional<URL> findInParent(String name) {
		return Optional.ofNullable(getParent().getResource(name));
	}

	@Override
	public Enumeration<URL> getResources(String name) throws IOException {
		List<URL> found = this.allResources.get(name);
		if (found == null) {
			found = Collections.list(getParent().getResources(name));
			this.allResources.put(name, found);
		}
		return Collections.enumeration(found);
	}

	@Override
	public InputStream getResourceAsStream(String name) {
		if (!name.endsWith(".class")) {
			return super.getResourceAsStream(name);
		}
		byte[] file = this.classFiles.computeIfAbsent(name, this::readInParent);
		return (file.length > 0) ? new ByteArrayInputStream(file) : null;
	}

	private byte[] readInParent(String name) {
		try (InputStream stream = getParent().getResourceAsStream(name)) {
			return (stream != null) ? stream.readAllBytes() : new byte[0];
		}
		catch (IOException ex) {
			throw new IllegalStateException("Cannot read '" + name + "'", ex);
		}
	}

	/**
	 * Makes it the context class loader of the tests, which contexts use by default.
	 */
	public static final class Extension implements BeforeAllCallback {

		@Override
		public void beforeAll(ExtensionContext context) {
			ClassLoader parent = shared.getParent();
			Thread thread = Thread.currentThread();
			ClassLoader current = thread.getContextClassLoader();
			if (current == parent || current == shared) {
				thread.setContextClassLoader(isCaching(context.getRequiredTestClass()) ? shared : parent);
			}
		}

		private static boolean isCaching(Class<?> testClass) {
			return !testClass.isAnnotationPresent(ApplicationClassLoader.class);
		}

	}

}
