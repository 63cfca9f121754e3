import java.io.File;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.xml.crypto.AlgorithmMethod;
import javax.xml.crypto.KeySelector;
import javax.xml.crypto.KeySelectorException;
import javax.xml.crypto.KeySelectorResult;
import javax.xml.crypto.XMLCryptoContext;
import javax.xml.crypto.XMLStructure;
import javax.xml.crypto.dsig.Reference;
import javax.xml.crypto.dsig.XMLSignature;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMValidateContext;
import javax.xml.crypto.dsig.keyinfo.KeyInfo;
import javax.xml.crypto.dsig.keyinfo.X509Data;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

/**
 * Lets the JDK (JSR 105) judge the signatures of tax invoices, as an implementation that is not ours.
 *
 * <pre>java VerifyKec.java [--octets DIRECTORY] FILE... | @LIST</pre>
 *
 * Prints "OK name" or "FAIL name: reason" for each file; the exit status says only whether it ran. With
 * --octets it writes what the JDK digested as DIRECTORY/name.octets. @LIST is a file of file names.
 */
public final class VerifyKec {
    private static final String DS = XMLSignature.XMLNS;

    public static void main(String[] arguments) throws Exception {
        Path octets = null;
        List<String> names = new ArrayList<>();
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i].equals("--octets")) {
                octets = Path.of(arguments[++i]);
            } else if (arguments[i].startsWith("@")) {
                names.addAll(Files.readAllLines(Path.of(arguments[i].substring(1))));
            } else {
                names.add(arguments[i]);
            }
        }
        StringBuilder report = new StringBuilder();
        for (String name : names) {
            File file = new File(name);
            report.append(verdict(file, octets)).append('\n');
        }
        System.out.write(report.toString().getBytes(StandardCharsets.UTF_8));
        System.out.flush();
    }

    private static String verdict(File file, Path octets) {
        try {
            String why = verify(file, octets);
            return why == null ? "OK " + file.getName() : "FAIL " + file.getName() + ": " + why;
        } catch (Exception refused) {
            String why = refused + (refused.getCause() == null ? "" : " / " + refused.getCause());
            return "FAIL " + file.getName() + ": " + why.replaceAll("\\s+", " ");
        }
    }

    /** Null when the one signature of the file holds, otherwise the reason. */
    private static String verify(File file, Path octets) throws Exception {
        Document document = parser().parse(file);
        NodeList signatures = document.getElementsByTagNameNS(DS, "Signature");
        if (signatures.getLength() != 1) {
            return signatures.getLength() + " signatures";
        }
        DOMValidateContext context = new DOMValidateContext(new CertificateInside(), signatures.item(0));
        // It forbids SHA-1 and small keys, which are not what is asked here.
        context.setProperty("org.jcp.xml.dsig.secureValidation", Boolean.FALSE);
        context.setProperty("javax.xml.crypto.dsig.cacheReference", Boolean.TRUE);
        XMLSignature signature = XMLSignatureFactory.getInstance("DOM").unmarshalXMLSignature(context);
        String why = signature.getSignatureValue().validate(context) ? null : "signature value";
        for (Object each : signature.getSignedInfo().getReferences()) {
            Reference reference = (Reference) each;
            if (!reference.validate(context)) {
                why = "digest";
            }
            if (octets != null) {
                try (InputStream digested = reference.getDigestInputStream()) {
                    Files.write(octets.resolve(file.getName() + ".octets"), digested.readAllBytes());
                }
            }
        }
        return why;
    }

    private static DocumentBuilder parser() throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        factory.setCoalescing(true); // a CDATA section is text
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        DocumentBuilder parser = factory.newDocumentBuilder();
        parser.setErrorHandler(null);
        return parser;
    }

    /** The key of the first certificate in KeyInfo: whether to trust it is not asked here. */
    private static final class CertificateInside extends KeySelector {
        @Override
        public KeySelectorResult select(
                KeyInfo info, Purpose purpose, AlgorithmMethod method, XMLCryptoContext context)
                throws KeySelectorException {
            for (Object part : info == null ? List.of() : info.getContent()) {
                for (Object inside : part instanceof X509Data ? ((X509Data) part).getContent() : List.of()) {
                    if (inside instanceof X509Certificate) {
                        Key key = ((X509Certificate) inside).getPublicKey();
                        return () -> key;
                    }
                }
            }
            throw new KeySelectorException("no certificate in KeyInfo");
        }
    }
}
