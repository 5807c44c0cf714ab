package io.appdbs.sample.catalog;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

import org.springframework.data.annotation.Id;
import org.springframework.data.mongodb.core.index.CompoundIndex;
import org.springframework.data.mongodb.core.mapping.Document;

/**
 * A product, as it is stored and as it travels.
 *
 * @param id the identifier, which is part of URLs
 * @param name the name that customers see
 * @param category the category or {@code null}
 * @param priceInCents the price of one piece
 */
@Document("products")
@CompoundIndex(name = "category_price", def = "{'category': 1, 'priceInCents': 1}")
public record Product(
		@Id @NotBlank @Size(max = 60) @Pattern(regexp = "[a-z0-9-]*",
				message = "must consist of a-z, 0-9 and hyphens") String id,
		@NotBlank @Size(max = 200) String name, @Nullable @Size(max = 40) String category,
		@Positive long priceInCents) {

}
