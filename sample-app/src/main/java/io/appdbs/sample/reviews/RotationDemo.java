package io.appdbs.sample.reviews;

import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;

import io.appdbs.CredentialsUsage;
import io.appdbs.Databases;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.env.Environment;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/**
 * Replaces the login of the reviews, to show that the application uses the new one
 * without a restart. Two users alternate, so that connections with the previous login
 * stay valid until they are returned.
 */
@RestController
@RequestMapping("/demo/rotation")
class RotationDemo {

	private final JdbcClient jdbc;

	private final Databases databases;

	private final Path folder;

	private final boolean isOwnServer;

	RotationDemo(@Qualifier("reviews") JdbcClient jdbc, Databases databases, Environment environment,
			@Value("${" + ReviewsLoginFiles.FOLDER + "}") Path folder) {
		this.jdbc = jdbc;
		this.databases = databases;
		this.folder = folder;
		this.isOwnServer = environment.containsProperty("REVIEWS_URL");
	}

	/**
	 * Return the login that serves requests.
	 */
	@GetMapping
	Login show() {
		CredentialsUsage credentials = this.databases.get("reviews").getSnapshot().credentials();
		return new Login(findUser(), (credentials != null) ? credentials.rotations() : 0);
	}

	/**
	 * Create another login, and write it to the files. The application reads them every 2
	 * s.
	 */
	@PostMapping
	synchronized Rotation rotate() throws IOException {
		if (this.isOwnServer) {
			throw new ResponseStatusException(HttpStatus.CONFLICT,
					"'reviews' is on the server of REVIEWS_URL. Create another login there, and write it to the files "
							+ "'username' and 'password' in " + this.folder + ".");
		}
		String from = findUser();
		String to = from.equals("SHOP_A") ? "SHOP_B" : "SHOP_A";
		String password = UUID.randomUUID().toString();
		this.jdbc.sql("CREATE USER IF NOT EXISTS " + to + " PASSWORD ? ADMIN").param(password).update();
		this.jdbc.sql("ALTER USER " + to + " SET PASSWORD ?").param(password).update();
		ReviewsLoginFiles.write(this.folder, to, password);
		return new Rotation(from, to);
	}

	private String findUser() {
		return this.jdbc.sql("SELECT CURRENT_USER").query(String.class).single();
	}

	record Login(String user, long rotations) {

	}

	record Rotation(String from, String to) {

	}

}
