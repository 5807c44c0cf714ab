package io.appdbs.testsupport.documentdb;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

import org.bson.BsonBinary;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt32;

/**
 * The login of one connection with SCRAM-SHA-256 (RFC 7677).
 */
final class ScramLogin {

	private static final int ITERATIONS = 4096;

	private static final byte[] SALT = "a salt for tests".getBytes(StandardCharsets.US_ASCII);

	private final Users users;

	private String user;

	private String clientFirst;

	private String serverFirst;

	private volatile String authenticated;

	ScramLogin(Users users) {
		this.users = users;
	}

	/**
	 * Returns the user or {@code null} if there is no successful login.
	 */
	String getUser() {
		return this.authenticated;
	}

	/**
	 * Answers {@code saslStart}.
	 */
	BsonDocument start(BsonDocument command) {
		String message = payload(command);
		// without channel binding: n,,
		this.clientFirst = message.substring(message.indexOf(",,") + 2);
		Map<String, String> attributes = parse(this.clientFirst);
		this.user = attributes.get("n").replace("=2C", ",").replace("=3D", "=");
		this.serverFirst = "r=" + attributes.get("r") + "server,s=" + encode(SALT) + ",i=" + ITERATIONS;
		return reply(this.serverFirst, false);
	}

	/**
	 * Answers {@code saslContinue}.
	 * @throws CommandException if the login fails
	 */
	BsonDocument proceed(BsonDocument command) throws CommandException {
		String message = payload(command);
		if (message.isEmpty()) {
			return reply("", true);
		}
		try {
			return reply("v=" + encode(verify(message)), true);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private byte[] verify(String clientFinal) throws GeneralSecurityException, CommandException {
		String proof = parse(clientFinal).get("p");
		String transcript = this.clientFirst + "," + this.serverFirst + ","
				+ clientFinal.substring(0, clientFinal.lastIndexOf(",p="));
		byte[] salted = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
			.generateSecret(new PBEKeySpec(this.users.getPassword(this.user).toCharArray(), SALT, ITERATIONS, 256))
			.getEncoded();
		byte[] clientKey = sign(salted, "Client Key");
		byte[] signature = sign(MessageDigest.getInstance("SHA-256").digest(clientKey), transcript);
		for (int i = 0; i < signature.length; i++) {
			signature[i] ^= clientKey[i];
		}
		if (!MessageDigest.isEqual(signature, Base64.getDecoder().decode(proof))) {
			throw Users.authenticationFailed();
		}
		this.authenticated = this.user;
		return sign(sign(salted, "Server Key"), transcript);
	}

	private static byte[] sign(byte[] key, String text) throws GeneralSecurityException {
		Mac mac = Mac.getInstance("HmacSHA256");
		mac.init(new SecretKeySpec(key, "HmacSHA256"));
		return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
	}

	private static Map<String, String> parse(String message) {
		Map<String, String> attributes = new HashMap<>();
		for (String attribute : message.split(",")) {
			attributes.put(attribute.substring(0, 1), attribute.substring(2));
		}
		return attributes;
	}

	private static String payload(BsonDocument command) {
		return new String(command.getBinary("payload").getData(), StandardCharsets.UTF_8);
	}

	private static String encode(byte[] bytes) {
		return Base64.getEncoder().encodeToString(bytes);
	}

	private static BsonDocument reply(String payload, boolean done) {
		return new BsonDocument("conversationId", new BsonInt32(1)).append("done", BsonBoolean.valueOf(done))
			.append("payload", new BsonBinary(payload.getBytes(StandardCharsets.UTF_8)))
			.append("ok", SqlCommands.ok().get("ok"));
	}

}
