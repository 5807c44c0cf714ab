package io.appdbs.sample.reviews;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Creates the files with the login of the reviews, as Kubernetes or Vault does in
 * production. Their folder is the property {@value #FOLDER}.
 */
class ReviewsLoginFiles implements EnvironmentPostProcessor {

	static final String FOLDER = "shop.reviews-login";

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		if (!environment.containsProperty(FOLDER)) {
			try {
				Path folder = Files.createTempDirectory("shop-reviews-login");
				folder.toFile().deleteOnExit();
				write(folder, environment.getProperty("REVIEWS_USERNAME", "shop_a"),
						environment.getProperty("REVIEWS_PASSWORD", "shop"));
				environment.getPropertySources()
					.addLast(new MapPropertySource("login of the reviews", Map.of(FOLDER, folder.toString())));
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
	}

	/**
	 * Replaces both files, each at once.
	 */
	static void write(Path folder, String username, String password) throws IOException {
		replace(folder.resolve("username"), username);
		replace(folder.resolve("password"), password);
	}

	private static void replace(Path file, String content) throws IOException {
		Path part = Files.writeString(file.resolveSibling(file.getFileName() + ".part"), content);
		Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
		file.toFile().deleteOnExit();
	}

}
