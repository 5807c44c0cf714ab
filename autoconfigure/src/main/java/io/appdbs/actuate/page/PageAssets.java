package io.appdbs.actuate.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.util.MimeType;

/**
 * The files that the pages load. Their names have a dot, which no name of a database has.
 */
final class PageAssets {

	static final String STYLES = "page.css";

	static final String SCRIPT = "page.js";

	static final String ICON = "page.svg";

	private static final String FOLDER = "META-INF/appdbs/";

	private final Map<String, Asset> assets = Map.of(STYLES, Asset.read(STYLES, "text/css;charset=UTF-8"), SCRIPT,
			Asset.read(SCRIPT, "text/javascript;charset=UTF-8"), ICON, Asset.read(ICON, "image/svg+xml;charset=UTF-8"));

	/**
	 * Returns a file.
	 * @param name its name
	 * @return the response or {@code null} if there is no such file
	 */
	@Nullable WebEndpointResponse<String> find(String name) {
		Asset asset = this.assets.get(name);
		return (asset != null) ? new WebEndpointResponse<>(asset.content(), asset.type()) : null;
	}

	private record Asset(String content, MimeType type) {

		static Asset read(String name, String type) {
			try (InputStream stream = PageAssets.class.getClassLoader().getResourceAsStream(FOLDER + name)) {
				String content = new String(Objects.requireNonNull(stream, name).readAllBytes(),
						StandardCharsets.UTF_8);
				return new Asset(content, MimeType.valueOf(type));
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

	/**
	 * Keeps the files in a native image.
	 */
	static final class Hints implements RuntimeHintsRegistrar {

		@Override
		public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
			hints.resources().registerPattern(FOLDER + "page.*");
		}

	}

}
