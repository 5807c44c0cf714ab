package io.appdbs.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.concurrent.TimeUnit;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.Parameters;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import com.google.crypto.tink.prf.PredefinedPrfParameters;
import com.google.crypto.tink.prf.PrfConfig;
import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import io.appdbs.encryption.Encrypted;
import io.appdbs.encryption.FieldCipher;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

/**
 * The cost of encrypting, decrypting and indexing a value of 22 characters.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@SuppressWarnings("NullAway.Init")
public class FieldCipherBenchmark {

	private static final String VALUE = "DE89370400440532013000";

	private ConfigurableApplicationContext context;

	private FieldCipher cipher;

	private Encrypted encrypted;

	/**
	 * Creates the keysets, and starts the application.
	 */
	@Setup
	public void start() throws GeneralSecurityException, IOException {
		AeadConfig.register();
		PrfConfig.register();
		Aead master = KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM)
			.getPrimitive(RegistryConfiguration.get(), Aead.class);
		ApplicationContextInitializer<GenericApplicationContext> beans = (context) -> context.registerBean(Aead.class,
				() -> master);
		this.context = new SpringApplicationBuilder(DatabasesAutoConfiguration.class).web(WebApplicationType.NONE)
			.initializers(beans)
			.properties("app.dbs.orders.url=embedded:h2",
					"app.dbs.orders.encryption.keyset=" + create(PredefinedAeadParameters.AES256_GCM, master),
					"app.dbs.orders.encryption.index-keyset=" + create(PredefinedPrfParameters.HMAC_SHA256_PRF, master))
			.run();
		this.cipher = this.context.getBean(FieldCipher.class);
		this.encrypted = this.cipher.encrypt(VALUE);
	}

	private static String create(Parameters parameters, Aead master) throws GeneralSecurityException, IOException {
		Path file = Files.createTempFile("keyset", ".json");
		file.toFile().deleteOnExit();
		String keyset = TinkJsonProtoKeysetFormat.serializeEncryptedKeyset(KeysetHandle.generateNew(parameters), master,
				new byte[0]);
		return Files.writeString(file, keyset).toUri().toString();
	}

	/**
	 * Closes the application.
	 */
	@TearDown
	public void close() {
		this.context.close();
	}

	@Benchmark
	public Encrypted encrypt() {
		return this.cipher.encrypt(VALUE);
	}

	@Benchmark
	public String decrypt() {
		return this.cipher.decrypt(this.encrypted);
	}

	@Benchmark
	public String blindIndex() {
		return this.cipher.blindIndex("person.iban", VALUE);
	}

}
