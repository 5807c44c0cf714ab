package com.example.people;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * A PostgreSQL whose logins have certificates instead of passwords. It is the embedded
 * server of another application.
 */
class Server implements AutoCloseable {

	private final ConfigurableApplicationContext context;

	private final Path folder;

	private final X509Bundle authority;

	private final JdbcTemplate jdbcTemplate;

	Server(Path folder) throws Exception {
		this.folder = folder;
		this.context = new SpringApplicationBuilder(Empty.class).properties(Map.of("spring.config.name", "none"))
			.run("--app.dbs.server.url=embedded:postgresql", "--spring.main.web-application-type=none");
		this.jdbcTemplate = this.context.getBean("serverJdbcTemplate", JdbcTemplate.class);
		this.authority = new CertificateBuilder().subject("CN=Test")
			.rsa2048()
			.setIsCertificateAuthority(true)
			.buildSelfSigned();
		Files.writeString(folder.resolve("ca.crt"), this.authority.getCertificatePEM());
		X509Bundle certificate = new CertificateBuilder().subject("CN=localhost")
			.addSanDnsName("localhost")
			.rsa2048()
			.buildIssuedBy(this.authority);
		Path data = Path.of(query("SHOW data_directory"));
		write(data.resolve("ca.crt"), this.authority.getCertificatePEM());
		write(data.resolve("server.crt"), certificate.getCertificatePEM());
		write(data.resolve("server.key"), certificate.getPrivateKeyPEM());
		Files.writeString(Path.of(query("SHOW hba_file")), """
				host    all postgres     all trust
				hostssl all people_owner all trust
				hostssl all all          all cert
				""");
		execute("ALTER SYSTEM SET ssl_ca_file = 'ca.crt'", "ALTER SYSTEM SET ssl = on", "SELECT pg_reload_conf()",
				"CREATE ROLE people_owner LOGIN", "CREATE ROLE people_app LOGIN",
				"CREATE DATABASE people OWNER people_owner");
	}

	private static void write(Path file, String content) throws Exception {
		Files.writeString(file, content);
		Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
		Files.setOwner(file, Files.getOwner(file.getParent()));
	}

	private void execute(String... statements) {
		for (String sql : statements) {
			this.jdbcTemplate.execute(sql);
		}
	}

	private String query(String sql) {
		return this.jdbcTemplate.queryForObject(sql, String.class);
	}

	/**
	 * Returns the arguments that lead an application to the database.
	 * @param login the name in the certificate of the client
	 */
	List<String> arguments(String login) throws Exception {
		X509Bundle client = new CertificateBuilder().subject("CN=" + login).rsa2048().buildIssuedBy(this.authority);
		Path certificate = Files.writeString(this.folder.resolve(login + ".crt"), client.getCertificatePEM());
		Path key = Files.writeString(this.folder.resolve(login + ".key"), client.getPrivateKeyPEM());
		return new ArrayList<>(List.of("--PEOPLE_URL=postgresql://localhost:" + query("SHOW port") + "/people",
				"--PEOPLE_CERTIFICATE=file:" + certificate, "--PEOPLE_PRIVATE_KEY=file:" + key,
				"--PEOPLE_AUTHORITY=file:" + this.folder.resolve("ca.crt")));
	}

	@Override
	public void close() {
		SpringApplication.exit(this.context);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Empty {

	}

}
