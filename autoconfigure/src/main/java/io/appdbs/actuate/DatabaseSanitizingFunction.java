package io.appdbs.actuate;

import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;

import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * {@link SanitizingFunction} that hides passwords of databases, and URLs with a login, in
 * all endpoints, even if they show values. Comes first, as the first function that
 * changes a value decides.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
public final class DatabaseSanitizingFunction implements SanitizingFunction {

	/** Keys in any notation: {@code app.dbs.orders.url}, {@code APP_DBSDEFAULTS_URL}. */
	private static final Pattern OURS = Pattern.compile("app[._]dbs([-_]?(defaults|runtime))?[._\\[].*");

	private static final Pattern SECRET = Pattern
		.compile(".*(password|passwd|pwd|passphrase|secret|token|credentials?|key)");

	private static final Pattern URL = Pattern.compile(".*(url|uri)");

	/**
	 * User information, or a parameter that may contain a secret.
	 */
	private static final Pattern LOGIN = Pattern
		.compile("(?is).*(@|[?;].*(user|password|passwd|pwd|passphrase|secret|token|credential|key)).*");

	@Override
	public Predicate<SanitizableData> filter() {
		return (data) -> OURS.matcher(lowerCase(data.getKey())).matches();
	}

	@Override
	public SanitizableData apply(SanitizableData data) {
		String key = lowerCase(data.getKey());
		boolean secret = SECRET.matcher(key).matches()
				|| (URL.matcher(key).matches() && LOGIN.matcher(String.valueOf(data.getValue())).matches());
		return secret ? data.withSanitizedValue() : data;
	}

	private static String lowerCase(String key) {
		return key.toLowerCase(Locale.ROOT);
	}

}
