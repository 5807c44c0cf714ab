package howto;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.io.DefaultResourceLoader;

/**
 * A section of the pages. Its resources are visible to its application only.
 */
final class Section implements AutoCloseable {

	private final Path folder;

	private final ClassLoader former = Thread.currentThread().getContextClassLoader();

	private final URLClassLoader classLoader;

	private final List<ConfigurableApplicationContext> contexts = new ArrayList<>();

	Section(String heading) {
		this.folder = Path.of("sections", heading).toAbsolutePath();
		if (!Files.isDirectory(this.folder)) {
			throw new IllegalArgumentException("The pages have no section '%s'".formatted(heading));
		}
		this.classLoader = new URLClassLoader(new URL[] { url(this.folder) }, getClass().getClassLoader());
		Thread.currentThread().setContextClassLoader(this.classLoader);
	}

	private static URL url(Path folder) {
		try {
			return folder.toUri().toURL();
		}
		catch (MalformedURLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Runs an application with the files of this section, on a free port.
	 */
	ConfigurableApplicationContext run(Class<?> application, String... arguments) {
		List<String> all = new ArrayList<>(List.of("--server.port=0"));
		all.addAll(List.of(arguments));
		ConfigurableApplicationContext context = new SpringApplication(new DefaultResourceLoader(this.classLoader),
				application)
			.run(all.toArray(String[]::new));
		this.contexts.add(context);
		return context;
	}

	Path file(String path) {
		return this.folder.resolve(path);
	}

	String read(String path) {
		try {
			return Files.readString(file(path));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Returns the block with the given name, which is not a file.
	 */
	String block(String name) {
		return read("blocks/" + name);
	}

	@Override
	public void close() {
		this.contexts.forEach(SpringApplication::exit);
		Thread.currentThread().setContextClassLoader(this.former);
	}

}
