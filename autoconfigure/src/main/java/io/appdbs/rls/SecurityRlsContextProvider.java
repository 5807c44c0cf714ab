package io.appdbs.rls;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

import io.appdbs.settings.RlsSettings;
import io.appdbs.settings.RlsSettings.CurrentUser;
import io.appdbs.settings.RlsSettings.Setting;
import org.jspecify.annotations.Nullable;

import org.springframework.expression.EvaluationException;
import org.springframework.expression.Expression;
import org.springframework.expression.spel.standard.SpelExpressionParser;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.context.SecurityContextHolder;

/**
 * Takes the current user from Spring Security. A setting has the value of its expression,
 * which is evaluated on the {@link Authentication}, such as
 * {@code token.claims['tenant']}. Without one {@value CurrentUser#ID} is the name of the
 * user and {@value CurrentUser#ROLE} the authorities with commas between. Without
 * authentication, or with an anonymous one, there is no user.
 */
public final class SecurityRlsContextProvider implements RlsContextProvider {

	private final RlsSettings settings;

	private final Map<String, Expression> expressions = new LinkedHashMap<>();

	/**
	 * Creates a new {@link SecurityRlsContextProvider}.
	 * @param settings the settings of the database
	 * @throws org.springframework.expression.ParseException if an expression is malformed
	 */
	public SecurityRlsContextProvider(RlsSettings settings) {
		this.settings = settings;
		SpelExpressionParser parser = new SpelExpressionParser();
		for (Setting setting : settings.settings()) {
			if (setting.expression() != null) {
				this.expressions.put(setting.name(), parser.parseExpression(setting.expression()));
			}
		}
	}

	@Override
	public @Nullable RlsContext getContext() {
		Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
		if (authentication == null || !authentication.isAuthenticated()
				|| authentication instanceof AnonymousAuthenticationToken) {
			return null;
		}
		RlsContext context = RlsContext.empty();
		for (Setting setting : this.settings.settings()) {
			Object value = getValue(setting, authentication);
			if (value != null) {
				context = context.with(setting.name(), value);
			}
		}
		return context;
	}

	private @Nullable Object getValue(Setting setting, Authentication authentication) {
		Expression expression = this.expressions.get(setting.name());
		if (expression != null) {
			try {
				return expression.getValue(authentication);
			}
			catch (EvaluationException ex) {
				throw new IllegalStateException(
						"The expression '%s' of the setting '%s' cannot be evaluated on a %s: %s".formatted(
								setting.expression(), setting.name(), authentication.getClass().getSimpleName(),
								ex.getMessage()),
						ex);
			}
		}
		return switch (setting.name()) {
			case CurrentUser.ID -> authentication.getName();
			case CurrentUser.ROLE -> authentication.getAuthorities()
				.stream()
				.map(GrantedAuthority::getAuthority)
				.map(SecurityRlsContextProvider::requireUnambiguous)
				.collect(Collectors.joining(","));
			default -> null;
		};
	}

	private static String requireUnambiguous(@Nullable String authority) {
		if (authority == null || authority.indexOf(',') >= 0 || authority.equals(RlsContext.SYSTEM_ROLE)) {
			throw new IllegalStateException(
					"The authority '%s' of the current user cannot be passed to the database: it contains a comma or is the role of the system context. Set 'expression' for '%s'."
						.formatted(authority, CurrentUser.ROLE));
		}
		return authority;
	}

}
