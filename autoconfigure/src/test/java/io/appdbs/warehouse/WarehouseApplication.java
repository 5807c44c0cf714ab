package io.appdbs.warehouse;

import java.util.List;

import io.appdbs.warehouse.stock.Details;
import org.postgresql.util.PGobject;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.convert.converter.Converter;
import org.springframework.data.convert.ReadingConverter;
import org.springframework.data.convert.WritingConverter;
import org.springframework.data.jdbc.core.convert.JdbcCustomConversions;
import org.springframework.data.jdbc.core.dialect.JdbcPostgresDialect;
import org.springframework.data.jdbc.repository.config.EnableJdbcAuditing;

/**
 * Application with aggregates of Spring Data JDBC on three engines.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@EnableJdbcAuditing
public class WarehouseApplication {

	@Bean
	@Qualifier("stock")
	JdbcCustomConversions stockConversions() {
		return JdbcCustomConversions.of(JdbcPostgresDialect.INSTANCE,
				List.of(new DetailsToJson(), new JsonToDetails(), new CodeToString(), new StringToCode()));
	}

	@Bean
	JdbcCustomConversions conversions() {
		return new JdbcCustomConversions(List.of(new CodeToString(), new StringToCode()));
	}

	@WritingConverter
	static final class CodeToString implements Converter<Code, String> {

		@Override
		public String convert(Code code) {
			return "C-" + code.value();
		}

	}

	@ReadingConverter
	static final class StringToCode implements Converter<String, Code> {

		@Override
		public Code convert(String text) {
			return new Code(text.substring(2));
		}

	}

	@WritingConverter
	static final class DetailsToJson implements Converter<Details, PGobject> {

		@Override
		public PGobject convert(Details details) {
			try {
				PGobject json = new PGobject();
				json.setType("jsonb");
				json.setValue(JsonMapper.shared().writeValueAsString(details));
				return json;
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

	@ReadingConverter
	static final class JsonToDetails implements Converter<PGobject, Details> {

		@Override
		public Details convert(PGobject json) {
			return JsonMapper.shared().readValue(json.getValue(), Details.class);
		}

	}

}
