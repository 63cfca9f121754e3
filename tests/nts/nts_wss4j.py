"""A message signed as Apache WSS4J at 국세청 signs: other prefixes, order and places of declaration.

Made with lxml alone, so that it is a second opinion on the octets.
"""

import base64
import hashlib

from lxml import etree

DS = "http://www.w3.org/2000/09/xmldsig#"
C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"

_REFERENCE_TO_ATTACHMENT = """<ds:Reference URI="cid:{name}"><ds:Transforms>
<ds:Transform Algorithm="http://docs.oasis-open.org/wss/oasis-wss-SwAProfile-1.1#Attachment-Content-Signature-Transform"/>
</ds:Transforms><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue>{digest}</ds:DigestValue></ds:Reference>"""

_TEMPLATE = """<?xml version="1.0" encoding="utf-8"?>
<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:kec="http://www.kec.or.kr/standard/Tax/"
 xmlns:q="urn:q"><soapenv:Header>
<wsse:Security xmlns:wsse="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd" soapenv:mustUnderstand="1"
 xmlns:wsu="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"><wsse:BinarySecurityToken
 ValueType="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0#X509v3" wsu:Id="X509-7F">{certificate}</wsse:BinarySecurityToken>
<ds:Signature Id="SIG-1" xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo Id="SI"><ds:CanonicalizationMethod Algorithm="{c14n}"/>
<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/>{attachment}<ds:Reference URI="">
<ds:Transforms><ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/>
<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"><ds:XPath> not(ancestor-or-self::ds:Signature) </ds:XPath></ds:Transform>
<ds:Transform Algorithm="{c14n}"/></ds:Transforms><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/>
<ds:DigestValue>@DIGEST@</ds:DigestValue></ds:Reference></ds:SignedInfo><ds:SignatureValue>@VALUE@</ds:SignatureValue>
<ds:KeyInfo Id="KI-1"><wsse:SecurityTokenReference wsu:Id="STR-1"><wsse:Reference URI="#X509-7F" ValueType="x"/></wsse:SecurityTokenReference></ds:KeyInfo>
</ds:Signature></wsse:Security>
<a:RelatesTo xmlns:a="http://www.w3.org/2005/08/addressing">{relates_to}</a:RelatesTo>
<a:Action xmlns:a="http://www.w3.org/2005/08/addressing">http://www.kec.or.kr/standard/Tax/TaxInvoiceRecvAck</a:Action>
<a:MessageID xmlns:a="http://www.w3.org/2005/08/addressing">nts-1</a:MessageID></soapenv:Header>
<soapenv:Body><kec:RequestMessage><kec:Extra>1</kec:Extra><kec:ReferenceID>{name}</kec:ReferenceID><kec:ResultID>R</kec:ResultID></kec:RequestMessage></soapenv:Body></soapenv:Envelope>
"""


def message(signer, name, attachment, relates_to="us-1"):
    """The envelope over one attachment."""
    digest = base64.b64encode(hashlib.sha256(attachment).digest()).decode()
    text = _TEMPLATE.format(
        certificate=base64.encodebytes(signer.certificate).decode(),
        c14n=C14N,
        attachment=_REFERENCE_TO_ATTACHMENT.format(name=name, digest=digest),
        name=name,
        relates_to=relates_to,
    )
    root = etree.fromstring(text.encode())
    signature = root.find(f".//{{{DS}}}Signature")
    parent, tail = signature.getparent(), signature.tail
    parent.text, parent.tail = parent.text, parent.tail
    signature.getprevious().tail = (signature.getprevious().tail or "") + (tail or "")
    parent.remove(signature)
    covered = etree.tostring(root.getroottree(), method="c14n")
    text = text.replace("@DIGEST@", base64.b64encode(hashlib.sha256(covered).digest()).decode())
    info = etree.fromstring(text.encode()).find(f".//{{{DS}}}SignedInfo")
    value = base64.encodebytes(signer.sign(etree.tostring(info, method="c14n"))).decode()
    return text.replace("@VALUE@", value).encode()
