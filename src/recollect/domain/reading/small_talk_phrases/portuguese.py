"""What people say in Portuguese when they greet, thank, agree or part; the form is told in the package."""

from typing import Final

CALLING: Final = """
(oh|e|ei|) (olá|ola|oi|oie|oiê|oii|oiii|oier|alô|opa|ei|eai|eae|fala|fala aí|salve|hey|hi|hello|viva|ora viva|bom dia|
boa tarde|boa noite|boas) (de novo|outra vez|novamente|a todos|oi|gente|pessoal|tudo bem|bom dia|boa tarde|boa noite|
boas|viva|), (muito|um|uma|) (bom|boa|bons|ótimo|ótima|feliz|excelente|lindo|linda|abençoado|bela|belo|maravilhoso)
(dia|tarde|noite|madrugada|fim de semana|finde|fds|semana|descanso|sorte|viagem|domingo|sábado|sexta|segunda|segunda
feira|sexta feira|feriado|trabalho|sonhos|sono|natal|ano novo|ano|início de semana|resto de dia|férias|festas|páscoa|
jogo|almoço|jantar|apetite|retorno|carnaval|estudo|noite de sono) (a todos|para você|pra você|para ti|pra vc|para
vocês|pra todos|para todos|), bdia, bnoite, btarde, bd, bn, feliz (natal|ano novo|páscoa), boas (festas|férias|vindas|
entradas), (seja|) (bem vindo|bem vinda|bem vindos|benvindo|bemvindo), (prazer|muito prazer|um prazer|foi um prazer|é
um prazer|o prazer é meu|o prazer é todo meu) (em conhecer|em conhecê lo|em conhecer você|em te conhecer|te conhecer|
em conhecê la|conhecer você|falar com você|), (ok|tá|tá bom|sim|não|perfeito|ótimo|certo|beleza|ah|legal|muito bem|
está bem|entendi|blz|show|bem|então|e|super|) (obrigado|obrigada|obg|obgd|obgda|brigado|brigada|brigadão|obrigadão|
obrigadinha|vlw|valeu|agradeço|thanks|gratidão|obrigadíssimo), (muito|muitíssimo|mil vezes|super|tão|um muito|bem|
desde já|mto|mt) (obrigado|obrigada|obg|agradecido|agradecida|grato|grata), (muito|) obrigadinho, (obrigado|obrigada)
(eu|mesmo|a você|a ti|a vocês|a todos|igualmente|de nada|por tudo|obrigado|de novo|novamente|mais uma vez|desde já|de
coração|demais|também), (te|lhe|vos|eu|) (agradeço|agradecemos) (muito|imenso|imensamente|de coração|demais|desde já|
), (muito|) (grato|grata|agradecido|agradecida), (muita|quanta) gentileza, (você|vc|tu|vocês|o senhor|) (é|és|são) (o|
a|um|uma|muito|demais|tão|super|bem|mesmo|) (melhor|anjo|demais|incrível|amor|gênio|fofo|fofa|gentil|querido|querida|
top|máximo|show|legal|simpático|crack|amável|excelente|herói|fera|maravilhoso|bom|10|fantástico|atencioso), (me|isso
me|isso|foi|) (ajudou|ajudaste|ajuda|foi|é|salvou|salvaste) (muito|bastante|demais|imenso|muito útil|de grande ajuda|
de muita ajuda|bastante útil|super|útil), valeu (mesmo|demais|mano|), vlw (mesmo|demais|), (tchau|tchauzinho|xau|chau|
xauzinho|tchau tchau|bye|bye bye|adeus|adeusinho|ciao|flw|fui|falou), até (logo|mais|breve|amanhã|já|a próxima|à
próxima|depois|mais tarde|mais ver|segunda|sempre|então|a vista|outro dia|outra|daqui a pouco|sexta|a semana|semana
que vem|mais logo|qualquer dia|jazinho|lá|hoje à noite), inté, (a gente|nós|nos) (se fala|se vê|falamos|vemos|nos
falamos|se esbarra|se encontra) (depois|amanhã|mais tarde|por aí|em breve|logo|), (falamos|vemo nos|vemos nos|nos
vemos|te vejo|vejo te|nos falamos|falamos nos|encontramos nos) (depois|amanhã|em breve|mais tarde|logo|por aí|), (se
cuida|te cuida|cuide se|cuida te|cuidem se|cuida de ti|se cuide|se cuidem) (bem|), (fica|fique|fiquem|ficar|vai|vá|
vão) (bem|com deus|na paz|em paz|com ele), (que|) (tenha|tenham|tem|passe|passa|desejo|te desejo|desejo te|desejo lhe)
(um|uma|) (bom|boa|ótimo|ótima|lindo|excelente|feliz|maravilhoso|bela|belo|abençoado|resto de) (dia|tarde|noite|fim de
semana|semana|descanso|resto de dia|viagem|domingo|final de semana|sonhos|final de tarde), (durma|dorme|dorma|descanse|
descansa|durmam) (bem|com os anjos|com deus), bons sonhos, sonha comigo, (muita|boa|) sorte, (um|grande|forte|um
grande|um forte|muitos|mil|) (abraço|abraços|abração|abs|abç|beijo|beijos|beijão|beijinho|beijinhos|bjs|bj|bjo|bjos|
bjinhos|bjão|xero|cheiro|bju|bjus) (grande|para você|pra você|a todos|e abraços|e até logo|grandes|), (cumprimentos|
atenciosamente|att|cordialmente|saudações|melhores cumprimentos|com os melhores cumprimentos), (muitos|meus|os meus|)
parabéns, (bom|belo|ótimo|excelente|lindo|grande|bonito) (trabalho|serviço), (muito|) bem (feito|jogado), bravo,
arrasou, mandou bem, mandou muito bem, força, coragem, saúde, tim tim, (obrigado|obrigada|obg|brigado|brigada|valeu|
vlw|agradeço|agradecido|agradecida|grato|grata), (para|pra|p) (você|vc|ti|vocês|vcs) (também|tb|tbm), (você|vc|tu)
(também|tb|tbm), voltei, cheguei, (preciso|tenho que) ir, de nada, imagina, disponha,
(obrigado|obrigada) desde já, de nada, te vejo (amanhã|depois|logo)
"""
"""Said anywhere; somebody may be named after it."""

AFTER: Final = """
(pela|pelo|pelas|pelos|por) (sua|seu|tua|teu|toda a|todo o|suas|seus|toda sua|tuas|esta|essa|esse|) (grande|rápida|
ótima|pronta|valiosa|) (ajuda|informação|informações|info|resposta|respostas|atenção|apoio|conselho|conselhos|dica|
dicas|tempo|explicação|paciência|esclarecimento|suporte|carinho|aviso|lembrete|sugestão|sugestões|compreensão|
companhia|conversa|gentileza|convite|elogio|feedback|retorno|força|disponibilidade|preocupação|serviço|colaboração),
por (tudo|isso|isto|me ajudar|responder|avisar|perguntar|ajudar|me ouvir|ter ajudado|compartilhar|explicar|nada|me
lembrar|me avisar|estar aqui|me responder|vir), (de|mais uma|outra|desde|novamente|igualmente|também|sempre|mesmo|
demais) (novo|vez|já|coração|antemão|todo coração|verdade|qualquer forma|), a (você|vc|ti|todos|todas|vocês|todos
vocês|tu), (para|pra|pro|p) (você|vc|ti|vocês|vcs|todos|senhor|todo mundo|si|você também|ti também|vc tb|vc também|vcs
também|todos nós|todos vocês) (também|tb|tbm|), você também, vc tb, tu também, (meu|minha|meus|minhas|caro|cara|caros|
querido|querida|queridos|ó|) (amigo|amiga|amigos|amigas|amor|anjo|bem|querido|querida|queridos|filho|filha|irmão|irmã|
chapa|velho|rei|rainha|linda|lindo|flor|vida|povo|gente|pessoal|galera|colega|colegas|gatinha|gato|parceiro|mano|chefe|
patrão|caro|cara|brother|malta|rapaz|rapaziada|turma|família|mestre|camarada|fofo|fofa|gata|menina|meninas|menino|bebê|
princesa), mano, mana, véi, vei, mãe, pai, mamãe, papai, vó, vô, tia, tio, moço, moça, senhor, senhora, dona, seu,
doutor, doutora, dr, dra, professor, professora, prof, profe, mundo, assistente, robô, fera, campeão, bro, todos,
todas, todo mundo, toda a gente, vocês, vcs, crush, rapazes, meninos
"""
"""Only after a calling one: whom it speaks to, and what for."""

PLAIN: Final = """
(e|oi|e aí|ta|e ai|olá|então|) (tudo|td|tá tudo|está tudo|tdo|vai tudo|ta tudo|tudo está) (bem|bom|b|certo|joia|jóia|
ok|legal|tranquilo|em cima|em ordem|beleza|numa boa|na paz|ótimo|bão|sob controle|pronto|bem por aí|certinho|blz|de
boa|nos conformes|perfeito|em paz|lindo) (com você|contigo|por aí|por aqui|aí|e você|e vc|e tu|e contigo|com vc|com
vocês|graças a deus|obrigado|obrigada|sim|hoje|também|), tdb, tudo, tudinho, td, (e|oi|olá|) (como|cm) (vai|está|estás|
tá|você está|vc está|vc tá|você tá|vão|estão|vai você|vai a vida|vão as coisas|está você|tem passado|tens passado|
andas|anda|vai isso|é que estás|é que está|passou|foi seu dia|foi o dia|foi o seu dia|foi o teu dia|correu o dia|está
indo|vc vai|você vai|foi o fim de semana|está se sentindo|se sente|dormiu|vais|tem estado|está o dia|vai tudo|você tem
estado) (você|vc|tudo|hoje|a vida|aí|o senhor|as coisas|indo|), (e|) (aí|ai) (beleza|tudo bem|tudo bom|blz|como vai|
mano|cara|gente|tudo certo|tranquilo|firmeza|suave|galera|), eae, eai, iae, (e|) (você|vc|tu|contigo|com você|vocês|o
senhor|a senhora|por aí|você como está|você tudo bem|o teu|aí) (como vai|tudo bem|bem|está bem|), (você|vc|tu|) (está|
tá|estás|ta) (aí|bem|por aí|bom|aqui|acordado|ok|certo|bão|ótimo|perfeito|claro|legal|entendido|feito|combinado|tudo|
pronto|correto|certa|de boa|joia|beleza|na hora), espero que (esteja|você esteja|estejas|tudo esteja|vc esteja|estejam|
tenha|tudo) (tudo|) (bem|bem com você), (quais|alguma|qual) (as|a|são as|é a|) (novidade|novidades|boa|boas),
novidades, (o|) que (conta|contas|manda|há|há de novo|tem de novo|tá rolando|se passa|rola), (eu|) (estou|tô|to|tou|
vou|ando|sigo|fiquei|fico|sinto me|me sinto) (muito|super|tudo|bem|mais ou menos|) (bem|ótimo|ótima|bom|boa|feliz|
contente|de boa|tranquilo|aqui|pronto|pronta|indo|de volta|bem obrigado|melhor|animado|animada|aliviado|de acordo|
curioso|curiosa|joia|vivo) (obrigado|obrigada|e você|também|graças a deus|por você|com isso|em saber|em ajudar|), (bem|
tudo bem|muito bem|tudo ótimo|tudo certo|nada mal|mais ou menos|vai se andando|vai indo|levando|na luta|de boa|de boas|
sem novidades|o mesmo de sempre|na mesma|tranquilo|assim assim|cá estamos|cá vamos|na correria|por aqui tudo bem) (e
você|e vc|e tu|e contigo|obrigado|obrigada|graças a deus|), (eu|a mim|) (também|tb|tbm) (não|sim|acho|quero|espero|),
(você|vc|tu) (também|tb|tbm|primeiro), (sim|ss|si|sm|yes|yep|uhum|aham|arram|hum hum|uhu|claro|não|nao|n|nn|ñ|nops|
nope|nada|ok|okay|okey|oki|okok|k|tá|ta|tabom|tah|certo|certinho|certeza|correto|correcto|exato|exatamente|exacto|
exactamente|isso|isso isso|verdade|vdd|beleza|blz|bele|fechado|fechou|combinado|feito|pronto|prontinho|perfeito|
perfeita|ótimo|ótima|excelente|fantástico|maravilhoso|maravilha|incrível|legal|massa|show|top|topp|fixe|bacana|
sensacional|espetacular|espetáculo|bonito|lindo|linda|demais|daora|irado|sinistro|brutal|porreiro|giro|altamente|
genial|supimpa|joia|tranquilo|suave|sussa|firmeza|positivo|afirmativo|negativo|entendi|entendido|percebi|percebo|
percebido|compreendo|compreendi|compreendido|saquei|captei|anotado|recebido|sei|concordo|confirmo|confirmado|óbvio|
obviamente|naturalmente|evidentemente|certamente|absolutamente|definitivamente|totalmente|realmente|sinceramente|
seguramente|provavelmente|possivelmente|talvez|depende|quiçá|claramente|justo|justamente|precisamente|efetivamente|
lógico|bom|boa|bem|muito bom|muito boa|muito bem|sério|jura|mesmo|igualmente|idem|também|pode|posso|bora|bóra|partiu|
vamos|vamo|simbora|avante|imagina|imagine|disponha|relaxa|calma|esquece|esqueça|deixa|gostei|adorei|amei|curti|
interessante|engraçado|impressionante|ainda bem|que bom|que bem|tanto faz|sei lá|ah) (sim|não|claro|que sim|que não|
mesmo|demais|bem|bom|então|obrigado|obrigada|por favor|pois|é|de bola|entendi|é isso|isso|isso mesmo|senhor|senhora|
assim|para mim|pra mim|também|com certeza|ok|tá bom|tá|já|nada|isso aí|muito|tudo|tudo bem|beleza|perfeito|ótimo|sei|
agora|ainda|realmente|exatamente|né|viu|hein|pra caramba|pra você|contigo|com você|disso|da ideia|saber|valeu|legal|
vamos|verdade|nossa|que bom|que legal|que pena|certo|ser|deixar|crer|precisa|preciso|sei lá|tem de quê|tem problema|há
problema|faz mal|se preocupe|te preocupes|se preocupa|importa|esquenta|há de quê|foi nada|é nada|é verdade|me diga|
acredito|pode ser|creio|quero|gostei|lá|aí|meu deus|amor|amigo|por enquanto|por hoje|), (isso|é|era|foi|isso é|isso
foi|que|muito|tão|bem|super|mais|parece|parece me|soa|isto é|ficou|ah que|mas que|é muito|é bem|achei|acho|tudo|isso
parece|nossa que|uma|um|é uma|é um|está|isso soa|bastante) (muito|bem|tão|super|mesmo|uma|um|) (isso|isso mesmo|isso
aí|verdade|vdd|claro|certo|bom|boa|ótimo|ótima|legal|massa|fixe|bacana|lindo|linda|fofo|triste|pena|chato|engraçado|
interessante|incrível|demais|perfeito|show|top|maneiro|máximo|só isso|tudo|o que eu pensava|lógico|possível|maravilha|
maravilhoso|alegria|alívio|sorte|gentil|feio|ruim|mau|mal|susto|loucura|estranho|difícil|fácil|sim|não|nada|mesmo|aí|
boa ideia|ótima ideia|bom saber|boa pergunta|bom plano|ideia|barato|giro|giros|notícia boa|boa notícia|ótima notícia|
bonito|delícia|gracinha|amor|horror|nojo|raiva|vergonha|saudade|útil|impressionante|emocionante|justo|suficiente|coisa
boa|coisa linda|melhor|errado|correto|bem pensado|sério|absurdo) (isso|mesmo|assim|né|então|para mim|pra mim|demais|
hein|), (boa|ótima|excelente|bela|que boa|grande|que ótima|má) (ideia|pergunta|notícia|notícias|escolha|sorte|essa|
resposta|observação|sugestão|dica), bom (saber|ponto|plano|dia|demais|trabalho), (você|vc|tu|o senhor) (tem|tens|está|
tá|estava) (toda a|toda|muita|) (razão|certo|certíssimo|correto|certa), (tem|tens|faz) (razão|toda a razão|todo o
sentido|sentido|todo sentido), (sem|nenhum|nenhuma|não tem|não há) (problema|problemas|dúvida|dúvidas|stress|estresse|
pressa|crise|querer|graça|galho|de quê|preocupação|ideia|comentários), de (nada|nd|boa|boas|acordo|novo|fato|verdade|
jeito nenhum|maneira nenhuma|rien|certeza), (por|x) (nada|favor|fv|enquanto|hoje|acaso), pfv, pfvr, pf, pff, plmdds,
faz favor, se faz favor, sff, (às|as|sempre às|estou às|ao) (ordens|suas ordens|seu dispor|dispor), (o|) prazer (é meu|
foi meu|é todo meu), (com|) (certeza|muito gosto|prazer|todo prazer|licença) (absoluta|que sim|que não|), (sem|)
(dúvida|dúvidas) (nenhuma|alguma|), não (sei|faço ideia|tenho ideia|tenho certeza|lembro|me lembro|entendi|percebi)
(ainda|bem|não|ao certo|dizer|), nem (eu|ideia|sei|pensar|tanto|um pouco|sempre), sei (lá|não), (eu|) (acho|creio|
penso|espero|suponho|imagino|parece|parece me) (que|) (sim|não|bem|bom|ótimo|legal|também|isso|justo|isso mesmo|eu),
(quem|deus) (sabe|me livre|queira|te ouça|te abençoe|abençoe), (pode|poderia) (ser|crer|deixar|sim|ir|continuar|
confiar), (deixa|deixe) (pra lá|para lá|estar|quieto|comigo|assim|eu ver|ver), (a gente|vamos|logo) (vê|ver|lá|nessa|
embora|começar|a isso|ver isso|que vamos|nós|simbora), (kk|rs|hue|hua|ha|he|hi) (kk|rs|hue|hua|ha|he|hi|), hehe, uau,
nossa (senhora|mãe|que legal|que bom|que bacana|), caramba, caraca, eita, vixe, vish, puxa (vida|), poxa (vida|),
putz, ops, opa, oxe, oxi, oxente, ufa, ui, ai, ah, oh, eh, hum, hmm, hein, é, ué, uai, aff, afe, affs, credo, cruzes,
epa, bah, tchê, (ai|oh|ó|) (meu|minha) (deus|deus do céu|nossa|nossa senhora|santo|senhor), (graças a|ai|se|
valha me) deus, pelo amor de deus, pqp, mds, slc, tmj, sdds, tlgd, tendi, (a|) sério (mesmo|isso|), (é|) mesmo, (não|)
(me diga|diga|acredito|brinca|creio), tá (brincando|vendo|ligado|de sacanagem), (é|era|) (só|) isso (mesmo|aí|tudo|por
hoje|obrigado|), é (só|tudo|isso|nóis|nós|verdade|mesmo|pra já|assim), só isso (mesmo|por hoje|obrigado|), (nada|mais|
ninguém|nenhum) (mais|nada|demais|de mais|não|de novo|disso|de especial), (tenho|preciso|tô tendo|devo|vou ter) (que|
de|) (ir|sair|correr|desligar|dormir|ir agora|ir embora|ir nessa|ir dormir|ir andando), (já|eu|) (vou|volto|venho|fui|
tô indo|voltei|cheguei|estou de volta|estou aqui|sei|entendi|percebi|chega|é|foi|era) (já|indo|nessa|dormir|lá|embora|
andando|deitar|logo|aqui|ali|nanar|pra cama|de novo|), estou (aqui|de volta|indo|a ir), voltei, cheguei, sou eu (de
novo|), (um|só um|espera um|peraí um) (momento|minuto|segundo|minutinho|instante|momentinho|pouquinho), (espera|peraí|
perai|aguarde|calma|espere) (aí|um pouco|), te (amo|adoro|amo muito|entendo|agradeço), adoro te, amo te, gosto muito
de ti, (quanto|há quanto|há) tempo, saudades, (fico|fiquei|estou) (muito|tão|) (feliz|contente|grato|aliviado) (por
você|em saber|por saber|em ouvir isso|por ti|com isso|), então, e, mas, aí, né, bom, bem, pois, pois (é|sim|não|então|
bem|claro), ora (bem|essa|bolas|pois|), enfim, tipo, assim, agora (sim|entendi|entendo|não|já), logo, ok ok, sim sim,
não não, tá tá, vamos (lá|nessa|embora|a isso|começar|ver|nós|), bora (lá|nessa|começar|), amém, aleluia, axé, salve
salve, só alegria, gratidão, firme (e forte|), como (não|sempre|quiser|queira|preferir), por que não, porque não, pq
não, porquê não, tanto (faz|melhor|fez), melhor (assim|ainda), igual (para você|pra você|), mesmo (assim|), bem
(pensado|lembrado|melhor|que|haja|dito|visto), fica (pra|para) próxima, com calma, sem (pressa|querer|mais), tudo (a
seu tempo|nosso), na verdade, quando quiser, (muito|bem|super) (interessante|curioso|engraçado|inspirador|emocionante|
informativo), (me|mil|ah|oh|ops|peço|) (desculpa|desculpe|desculpas|perdão|perdoa|perdoe|desculpem|foi mal|sinto muito|
lamento|lamento muito|sorry|perdoe me|desculpe me|desculpa me|com licença) (por isso|aí|mesmo|)
"""
"""Said anywhere."""
