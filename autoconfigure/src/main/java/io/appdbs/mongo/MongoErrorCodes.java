package io.appdbs.mongo;

/**
 * <a href="https://www.mongodb.com/docs/manual/reference/error-codes/">Codes of
 * errors</a> of MongoDB's server.
 */
public final class MongoErrorCodes {

	/**
	 * The login has no privilege.
	 */
	public static final int UNAUTHORIZED = 13;

	/**
	 * There is a collection of that name.
	 */
	public static final int NAMESPACE_EXISTS = 48;

	/**
	 * The server does not have the command.
	 */
	public static final int COMMAND_NOT_FOUND = 59;

	/**
	 * Another transaction has written the same document.
	 */
	public static final int WRITE_CONFLICT = 112;

	/**
	 * A view does not have what the command needs.
	 */
	public static final int COMMAND_NOT_SUPPORTED_ON_VIEW = 166;

	/**
	 * A unique index has the key.
	 */
	public static final int DUPLICATE_KEY = 11000;

	private MongoErrorCodes() {
	}

}
